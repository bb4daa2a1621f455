package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code stack_trace}: call stacks of the kernel or of a process, by a number that {@code bpf_get_stackid} gives. This machine has no such stacks, and
 * the helper says so ({@code -EOPNOTSUPP}); so the map is there for programs that name it, and stays empty.
 */
public final class StackTraceMap extends BpfMap {
    /** Addresses that a stack has at most, unless a Linux is told otherwise. */
    private static final int DEEPEST = 127;

    private static final int ADDRESS = 8;
    /** Bytes of what stands for an address with {@link MapFlag#STACK_BUILD_ID}. */
    private static final int BUILD_ID = 32;

    private static final long MOST_ENTRIES = 1L << 31;

    /** Linux rounds the entries up to a power of two. */
    private final long buckets;

    private StackTraceMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.buckets = Long.highestOneBit(2 * definition.maxEntries() - 1);
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(MapHeader.SIZE, memory -> new StackTraceMap(definition, memory));
    }

    static Optional<String> wrong(MapDefinition definition) {
        int one = definition.has(MapFlag.STACK_BUILD_ID) ? BUILD_ID : ADDRESS;
        if (definition.valueSize() < one
                || definition.valueSize() % one != 0
                || definition.valueSize() / one > DEEPEST) {
            return Optional.of("a stack is 1 to " + DEEPEST + " times " + one + " bytes");
        }
        return definition.maxEntries() > MOST_ENTRIES
                ? Optional.of("it has at most " + MOST_ENTRIES + " entries")
                : Optional.empty();
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        return -Errno.EINVAL;
    }

    @Override
    public int delete(long key) {
        return (Memory.loadInt(key) & 0xffff_ffffL) < buckets ? -Errno.ENOENT : -Errno.E2BIG;
    }

    @Override
    int takeOut(long key, long to, long flags) {
        return -Errno.ENOENT;
    }

    @Override
    int nextKey(long key, long next) {
        return -Errno.ENOENT;
    }

    @Override
    public void each(Consumer<MapEntry> use) {}
}
