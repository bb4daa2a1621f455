package dev.turnout.api;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.MapResult;
import dev.turnout.runtime.map.QueueMap;
import dev.turnout.runtime.map.TypedBytes;
import java.util.List;
import java.util.Optional;

/**
 * A {@code queue} or {@code stack} of a machine: programs push and pop values, and so does Java. Each value comes out once, whoever takes
 * it. May be used by many threads while programs run.
 *
 * @param <V> the Java type of a value, as for a {@link TypedMap}
 */
public final class ProgramQueue<V> {
    private static final ByteString NO_KEY = ByteString.zeros(0);

    private final QueueMap queue;
    private final MapDefinition definition;
    private final Class<V> type;
    private final Codec codec;
    private final Lifetime lifetime;

    ProgramQueue(QueueMap queue, Class<V> type, Lifetime lifetime) {
        this.queue = queue;
        this.definition = queue.definition();
        this.type = type;
        this.codec = Codec.of(type, definition.value(), "a value of `" + definition.name() + "`");
        this.lifetime = lifetime;
    }

    public String name() {
        return definition.name();
    }

    /** The most values that it holds. */
    public long capacity() {
        return definition.maxEntries();
    }

    /**
     * Adds a value. Returns whether there was room.
     *
     * @throws MapException if it does not fit the program's type, or if nobody outside may write the map
     */
    public boolean push(V value) {
        return push(value, BpfMap.ANY);
    }

    /** Adds a value, for which the oldest one has to go if there is no room; throws as {@link #push}. */
    public void pushOver(V value) {
        push(value, BpfMap.EXIST);
    }

    private boolean push(V value, long flags) {
        StringBuilder why = new StringBuilder();
        ByteString bytes = TypedBytes.read(definition.value(), codec.write().apply(value), definition.valueSize(), why)
                .orElseThrow(() -> MapException.of(name(), "this is no value: " + why));
        int result = lifetime.during(() -> queue.push(bytes, flags));
        if (result != 0 && result != -Errno.E2BIG) {
            throw new MapException(name(), -result);
        }
        return result == 0;
    }

    /** Takes the next value: the oldest of a queue, the newest of a stack. */
    public Optional<V> pop() {
        return next(lifetime.during(() -> queue.take(NO_KEY, BpfMap.ANY)));
    }

    /** The value that {@link #pop} would take. */
    public Optional<V> peek() {
        return next(lifetime.during(() -> queue.find(NO_KEY, BpfMap.ANY)));
    }

    private Optional<V> next(MapResult result) {
        if (result.error() != 0 && result.error() != -Errno.ENOENT) {
            throw new MapException(name(), -result.error());
        }
        return result.values().stream().findFirst().map(this::shown);
    }

    /** What is in it now, in the order in which it would come out. */
    public List<V> contents() {
        return lifetime.during(queue::entries).stream()
                .map(entry -> shown(entry.values().getFirst()))
                .toList();
    }

    private V shown(ByteString bytes) {
        return TypedMap.cast(type, codec.read().apply(TypedBytes.show(definition.value(), bytes)));
    }

    @Override
    public String toString() {
        return definition.kind().word() + " " + name();
    }
}
