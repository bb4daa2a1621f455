package dev.turnout.api;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapResult;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.TypedBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map of a machine. Keys and values are bytes as programs see them, or {@link Datum data} by the types that the object
 * states; bytes without a type are a text of hex digits. May be used by many threads while programs run; each operation is
 * indivisible where Linux's is.
 */
public final class ProgramMap {
    /** Lets go of inner maps whose views nobody has any more. */
    private static final Cleaner DROPPED = Cleaner.create();

    private final BpfMap map;
    private final MapDefinition definition;
    private final Lifetime lifetime;
    /** Null if the map may be gone before its machine. */
    private final @Nullable Arena views;
    /** What keeps such a map. */
    private final @Nullable InnerMap held;

    ProgramMap(BpfMap map, Lifetime lifetime, Arena views) {
        this(map, lifetime, views, null);
    }

    private ProgramMap(BpfMap map, Lifetime lifetime, @Nullable Arena views, @Nullable InnerMap held) {
        this.map = map;
        this.definition = map.definition();
        this.lifetime = lifetime;
        this.views = views;
        this.held = held;
    }

    /** A map that others hold: it stays as long as somebody has this. */
    static ProgramMap held(InnerMap inner, Lifetime lifetime) {
        ProgramMap view = new ProgramMap(inner.map(), lifetime, null, inner);
        DROPPED.register(view, inner::release);
        return view;
    }

    public String name() {
        return definition.name();
    }

    /** As the language writes it: {@code hash}, {@code percpu_array}. */
    public String kind() {
        return definition.kind().word();
    }

    /** Bytes of a key. */
    public int keySize() {
        return definition.keySize();
    }

    /** Bytes of a value. */
    public int valueSize() {
        return definition.valueSize();
    }

    boolean isPerCpu() {
        return definition.kind().perCpu();
    }

    /** A short use of the machine, for whose length the map stays: who calls may have no other use for this view. */
    private <T> T during(Supplier<T> use) {
        try {
            return lifetime.during(use);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The map with keys and values of Java types.
     *
     * {@snippet :
     * record Rule(int port, int proto) {}
     * TypedMap<Rule, Action> policy = machine.map("policy").typed(Rule.class, Action.class);
     * }
     *
     * @param key a number's class such as {@code int.class}, a record, an enum, {@code byte[].class}
     * @throws IllegalArgumentException if a class does not go with the type that the object states: says where and why
     */
    public <K, V> TypedMap<K, V> typed(Class<K> key, Class<V> value) {
        return new TypedMap<>(
                this,
                key,
                value,
                Codec.of(key, definition.key(), "a key of `" + name() + "`"),
                Codec.of(value, definition.value(), "a value of `" + name() + "`"));
    }

    // Bytes.

    /**
     * A copy of the value of a key, if the map has the key.
     *
     * @throws IllegalArgumentException if the key is not {@link #keySize} bytes
     * @throws UnsupportedOperationException if the map has a value for each slot: use {@link #values}
     */
    public Optional<byte[]> get(byte[] key) {
        demandPlain();
        return values(key).stream().findFirst();
    }

    /** Copies of the values of a key: one for each slot of the machine, or one alone if the map is not per CPU; none if there is no key. */
    public List<byte[]> values(byte[] key) {
        return during(() -> map.read(ByteString.copyOf(key)).stream()
                .map(ByteString::toArray)
                .toList());
    }

    /**
     * Sets the value of a key, on every slot if the map is per CPU.
     *
     * @throws IllegalArgumentException if key or value have another size than the map's
     * @throws MapException if the map is full, or if its kind takes no values from outside
     */
    public void put(byte[] key, byte[] value) {
        put(ByteString.copyOf(key), ByteString.copyOf(value));
    }

    /** Sets the value of a key that is not there. Returns whether it was not; throws as {@link #put}. */
    public boolean putIfAbsent(byte[] key, byte[] value) {
        return putIf(BpfMap.NO_EXIST, ByteString.copyOf(key), ByteString.copyOf(value));
    }

    /** Sets the value of a key that is there. Returns whether it was; throws as {@link #put}. */
    public boolean replace(byte[] key, byte[] value) {
        return putIf(BpfMap.EXIST, ByteString.copyOf(key), ByteString.copyOf(value));
    }

    /**
     * Removes a key and gives copies of its values as {@link #values} does, in one step: of two threads that take one key, one gets it.
     *
     * @return none if it was not there
     * @throws MapException if nothing can be taken out of maps of its kind, as of arrays
     */
    public List<byte[]> take(byte[] key) {
        return take(ByteString.copyOf(key)).stream().map(ByteString::toArray).toList();
    }

    /** Copies of the keys that are there now. */
    public List<byte[]> keys() {
        return during(
                () -> map.entries().stream().map(one -> one.key().toArray()).toList());
    }

    /**
     * Removes a key.
     *
     * @return whether it was there
     * @throws MapException if entries of the map cannot be removed
     */
    public boolean remove(byte[] key) {
        return remove(ByteString.copyOf(key));
    }

    /**
     * The value of a key where it lies, not a copy: what programs write is seen in it, and what is written into it they see. Once
     * the key is removed, the bytes may become another key's. May be used until the machine is closed.
     *
     * @return read-only if programs cannot write the map; empty if the map has no such key
     * @throws UnsupportedOperationException if the map has a value for each slot, or if it came out of a map of maps and could be
     *     freed before the machine is
     */
    public Optional<MemorySegment> live(byte[] key) {
        demandPlain();
        Arena arena = views;
        if (arena == null) {
            throw new UnsupportedOperationException("map `" + name() + "` is in other maps, and may be freed");
        }
        return during(() -> map.address(ByteString.copyOf(key))
                .map(at -> NativeView.of(at, definition.valueSize(), arena))
                .map(view -> map.writable() ? view : view.asReadOnly()));
    }

    // Data.

    /** The value of a key: of a per-CPU map the list of its values. */
    public Optional<Datum> get(Datum key) {
        return shown(during(() -> map.read(key(key))));
    }

    private Optional<Datum> shown(List<ByteString> values) {
        List<Datum> shown = values.stream()
                .map(one -> TypedBytes.show(definition.value(), one))
                .toList();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(isPerCpu() ? new Datum.Items(shown) : shown.getFirst());
    }

    /**
     * Sets the value of a key, on every slot if the map is per CPU.
     *
     * @throws MapException if a datum does not fit its type, or as with bytes
     */
    public void put(Datum key, Datum value) {
        put(key(key), value(value));
    }

    /** As with bytes. */
    public boolean putIfAbsent(Datum key, Datum value) {
        return putIf(BpfMap.NO_EXIST, key(key), value(value));
    }

    /** As with bytes. */
    public boolean replace(Datum key, Datum value) {
        return putIf(BpfMap.EXIST, key(key), value(value));
    }

    /** As with bytes: of a per-CPU map the list of the values. */
    public Optional<Datum> take(Datum key) {
        return shown(take(key(key)));
    }

    /** Removes a key; as with bytes. */
    public boolean remove(Datum key) {
        return remove(key(key));
    }

    /** Everything in it: {@code {"kind": …, "entries": [{"key": …, "value": …}, …]}}, in the order of the keys. */
    public Datum contents() {
        return during(() -> MapView.show(map));
    }

    // JSON.

    /** {@link #contents} as JSON text. */
    public String json() {
        return DatumJson.print(contents());
    }

    /**
     * Adds entries: the JSON that {@link #json} gives, or its list of entries alone. Entries that it does not name stay.
     *
     * @throws MapException if the text is no such JSON, does not fit the map, or if the map is full; entries in front of the one that
     *     did not fit are in the map then
     */
    public void putAll(String json) {
        StringBuilder why = new StringBuilder();
        Diagnostics diagnostics = new Diagnostics();
        Optional<Datum> preset = DatumJson.parse(json, why);
        if (preset.isEmpty()) {
            throw wrong(why.toString());
        }
        if (!during(() -> MapView.preset(map, preset.get(), diagnostics))) {
            throw new MapException(diagnostics);
        }
    }

    /** A row of {@link #contents}. */
    record Row(Datum key, Datum value) {}

    List<Row> rows() {
        return MapView.rows(contents()).orElseThrow().stream()
                .map(row -> MapView.Row.of(row).orElseThrow())
                .map(row -> new Row(Objects.requireNonNull(row.key(), "maps without keys have no rows"), row.value()))
                .toList();
    }

    private void put(ByteString key, ByteString value) {
        int result = during(() -> map.write(key, value, BpfMap.ANY));
        if (result != 0) {
            throw new MapException(name(), -result);
        }
    }

    private boolean putIf(long demanded, ByteString key, ByteString value) {
        int result = during(() -> map.write(key, value, demanded));
        if (result != 0 && result != -Errno.EEXIST && result != -Errno.ENOENT) {
            throw new MapException(name(), -result);
        }
        return result == 0;
    }

    private List<ByteString> take(ByteString key) {
        MapResult result = during(() -> map.take(key, BpfMap.ANY));
        if (result.error() != 0 && result.error() != -Errno.ENOENT) {
            throw new MapException(name(), -result.error());
        }
        return result.values();
    }

    private boolean remove(ByteString key) {
        int result = during(() -> map.remove(key));
        if (result != 0 && result != -Errno.ENOENT) {
            throw new MapException(name(), -result);
        }
        return result == 0;
    }

    private ByteString key(Datum key) {
        return bytes("key", definition.key(), key, definition.keySize());
    }

    private ByteString value(Datum value) {
        return bytes("value", definition.value(), value, definition.valueSize());
    }

    private ByteString bytes(String what, DebugType type, Datum datum, int size) {
        StringBuilder why = new StringBuilder();
        return TypedBytes.read(type, datum, size, why).orElseThrow(() -> wrong("this is no " + what + ": " + why));
    }

    private MapException wrong(String why) {
        return MapException.of(name(), why);
    }

    boolean isOf(BpfMap other) {
        return map.equals(other);
    }

    /** For whom puts it into a map of maps, held once more; empty if it is not of this machine. */
    Optional<InnerMap> inner(Machine machine) {
        if (!machine.allMaps().contains(map)) {
            return Optional.empty();
        }
        if (held == null) {
            return machine.inner(name());
        }
        held.retain();
        return Optional.of(held);
    }

    void demandPlain() {
        if (isPerCpu()) {
            throw new UnsupportedOperationException("map `" + name() + "` has a value for each slot");
        }
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
