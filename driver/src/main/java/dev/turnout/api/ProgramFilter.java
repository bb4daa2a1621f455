package dev.turnout.api;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.BloomFilterMap;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.TypedBytes;

/**
 * A {@code bloom_filter} of a machine: it says of a value that it was never added, or that it may have been. May be used by many threads
 * while programs run.
 *
 * @param <V> the Java type of a value, as for a {@link TypedMap}
 */
public final class ProgramFilter<V> {
    private final BloomFilterMap filter;
    private final MapDefinition definition;
    private final Codec codec;
    private final Lifetime lifetime;

    ProgramFilter(BloomFilterMap filter, Class<V> type, Lifetime lifetime) {
        this.filter = filter;
        this.definition = filter.definition();
        this.codec = Codec.of(type, definition.value(), "a value of `" + definition.name() + "`");
        this.lifetime = lifetime;
    }

    public String name() {
        return definition.name();
    }

    /**
     * Adds a value. Nothing can be taken out.
     *
     * @throws MapException if it does not fit the program's type, or if nobody outside may write the map
     */
    public void add(V value) {
        ByteString bytes = bytes(value);
        int result = lifetime.during(() -> filter.push(bytes, BpfMap.ANY));
        if (result != 0) {
            throw new MapException(name(), -result);
        }
    }

    /** Whether a value may have been added; false is certain. */
    public boolean mayHave(V value) {
        ByteString bytes = bytes(value);
        int result = lifetime.during(() -> filter.test(bytes));
        if (result != 0 && result != -Errno.ENOENT) {
            throw new MapException(name(), -result);
        }
        return result == 0;
    }

    private ByteString bytes(V value) {
        StringBuilder why = new StringBuilder();
        return TypedBytes.read(definition.value(), codec.write().apply(value), definition.valueSize(), why)
                .orElseThrow(() -> MapException.of(name(), "this is no value: " + why));
    }

    @Override
    public String toString() {
        return "bloom_filter " + name();
    }
}
