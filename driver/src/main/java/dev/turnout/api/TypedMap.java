package dev.turnout.api;

import dev.turnout.runtime.map.Datum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A map with keys and values of Java types: numbers, records with the fields of the program's structs, enums with the members of its
 * enumerations, lists for arrays. What a number of the program that has no sign is in Java is said by its bits: the largest {@code
 * u64} is {@code -1L}, unless the type is {@link java.math.BigInteger}.
 *
 * <p>Every method may throw what that of the same name of {@link ProgramMap} throws, and a {@link MapException} if a number of Java
 * is too large for the program's type.
 */
public final class TypedMap<K, V> {
    private final ProgramMap map;
    private final Class<K> keyType;
    private final Class<V> valueType;
    private final Codec key;
    private final Codec value;

    TypedMap(ProgramMap map, Class<K> keyType, Class<V> valueType, Codec key, Codec value) {
        this.map = map;
        this.keyType = keyType;
        this.valueType = valueType;
        this.key = key;
        this.value = value;
    }

    /** The map that this is a view of. */
    public ProgramMap map() {
        return map;
    }

    @SuppressWarnings("unchecked") // A class of a primitive casts nothing: its codec gives its box.
    static <T> T cast(Class<T> type, Object read) {
        return type.isPrimitive() ? (T) read : type.cast(read);
    }

    private Datum data(K of) {
        return key.write().apply(of);
    }

    private V javaValue(Datum datum) {
        return cast(valueType, value.read().apply(datum));
    }

    /**
     * The value of a key, if the map has it.
     *
     * @throws UnsupportedOperationException if the map has a value for each slot: use {@link #values}
     */
    public Optional<V> get(K of) {
        map.demandPlain();
        return map.get(data(of)).map(this::javaValue);
    }

    /** The values of a key, one for each slot, or one alone if the map is not per CPU; none if there is no key. */
    public List<V> values(K of) {
        return map
                .get(data(of))
                .map(found -> map.isPerCpu() ? ((Datum.Items) found).items() : List.of(found))
                .orElse(List.of())
                .stream()
                .map(this::javaValue)
                .toList();
    }

    /** Sets the value of a key, on every slot if the map is per CPU. */
    public void put(K of, V to) {
        map.put(data(of), value.write().apply(to));
    }

    /** Sets the values of many keys, one after the other; those in front of one that is refused are in the map. */
    public void putAll(Map<K, V> all) {
        all.forEach(this::put);
    }

    /** Sets the value of a key that is not there. Returns whether it was not. */
    public boolean putIfAbsent(K of, V to) {
        return map.putIfAbsent(data(of), value.write().apply(to));
    }

    /** Sets the value of a key that is there. Returns whether it was. */
    public boolean replace(K of, V to) {
        return map.replace(data(of), value.write().apply(to));
    }

    /** Removes a key. Returns whether it was there. */
    public boolean remove(K of) {
        return map.remove(data(of));
    }

    /** Removes a key and gives its value, in one step. */
    public Optional<V> take(K of) {
        map.demandPlain();
        return map.take(data(of)).map(this::javaValue);
    }

    /** The keys that are there now, in their order. */
    public List<K> keys() {
        return map.rows().stream()
                .map(row -> cast(keyType, key.read().apply(row.key())))
                .toList();
    }

    /**
     * What is in the map now, in the order of the keys: a copy, of which each entry was there at some moment while it was made.
     *
     * @throws UnsupportedOperationException if the map has a value for each slot
     */
    public Map<K, V> entries() {
        map.demandPlain();
        Map<K, V> entries = new LinkedHashMap<>();
        map.rows().forEach(row -> entries.put(cast(keyType, key.read().apply(row.key())), javaValue(row.value())));
        return entries;
    }

    @Override
    public String toString() {
        return map.toString();
    }
}
