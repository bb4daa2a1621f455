package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapOfMaps;
import dev.turnout.runtime.map.TypedBytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A map of maps: programs look a map up in it and use that. Java makes maps, fills them, and puts them into entries while programs run: a
 * run finds the old map or the new one, whole. A map that was taken out lives until no run can have it, and as long as Java has a
 * {@link ProgramMap} of it.
 *
 * @param <K> the Java type of a key, as for a {@link TypedMap}
 */
public final class ProgramMaps<K> {
    private final Machine machine;
    private final MapOfMaps outer;
    private final Class<K> keyType;
    private final Codec key;
    private final Map<String, ProgramMap> named;
    private final Lifetime lifetime;

    ProgramMaps(Machine machine, MapOfMaps outer, Class<K> keyType, Map<String, ProgramMap> named, Lifetime lifetime) {
        this.machine = machine;
        this.outer = outer;
        this.keyType = keyType;
        this.key = Codec.of(
                keyType, keyOf(outer), "a key of `" + outer.definition().name() + "`");
        this.named = named;
        this.lifetime = lifetime;
    }

    /** Indices are numbers, even where the object states no type. */
    private static DebugType keyOf(MapOfMaps outer) {
        DebugType stated = outer.definition().key();
        return stated instanceof DebugType.Void && outer.definition().keySize() == 4
                ? new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED)
                : stated;
    }

    public String name() {
        return outer.definition().name();
    }

    /**
     * A new map of the shape that all maps in this one have. No program sees it before it is {@link #put}.
     *
     * @throws MapException if there is no memory for it
     */
    public ProgramMap create() {
        return lifetime.during(() -> {
            Diagnostics diagnostics = new Diagnostics();
            InnerMap made =
                    machine.makeInner(outer.template(), diagnostics).orElseThrow(() -> new MapException(diagnostics));
            return ProgramMap.held(made, lifetime);
        });
    }

    /** The map of an entry, if there is one. */
    public Optional<ProgramMap> get(K at) {
        return lifetime.during(() -> outer.held(bytes(at)).map(this::view));
    }

    private ProgramMap view(InnerMap inner) {
        ProgramMap known = named.get(inner.map().definition().name());
        if (known != null && known.isOf(inner.map())) {
            inner.release();
            return known;
        }
        return ProgramMap.held(inner, lifetime);
    }

    /**
     * Puts a map into an entry.
     *
     * @param inner from {@link #create}, or a map of this machine
     * @throws MapException if it has another shape, if there is no such index, or no room for another key
     * @throws IllegalArgumentException if it is of another machine
     */
    public void put(K at, ProgramMap inner) {
        lifetime.during(() -> {
            InnerMap held = inner.inner(machine)
                    .orElseThrow(
                            () -> new IllegalArgumentException("map `" + inner.name() + "` is of another machine"));
            int result = outer.put(bytes(at), held, BpfMap.ANY);
            held.release();
            if (result == -Errno.EINVAL) {
                throw MapException.of(name(), "map `" + inner.name() + "` has another shape than those in it");
            }
            if (result != 0) {
                throw new MapException(name(), -result);
            }
        });
    }

    /** Empties an entry. Returns whether there was a map in it. */
    public boolean remove(K at) {
        int result = lifetime.during(() -> outer.remove(bytes(at)));
        if (result != 0 && result != -Errno.ENOENT) {
            throw new MapException(name(), -result);
        }
        return result == 0;
    }

    /** The keys of the entries that have a map now. */
    public List<K> keys() {
        return lifetime.during(outer::entries).stream()
                .map(entry -> TypedMap.cast(keyType, key.read().apply(TypedBytes.show(keyOf(outer), entry.key()))))
                .toList();
    }

    private ByteString bytes(K at) {
        Datum datum = key.write().apply(at);
        StringBuilder why = new StringBuilder();
        return TypedBytes.read(keyOf(outer), datum, outer.definition().keySize(), why)
                .orElseThrow(() -> MapException.of(name(), "this is no key: " + why));
    }

    @Override
    public String toString() {
        return outer.toString();
    }
}
