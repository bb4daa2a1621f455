package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;

/** A map of records that come and go in order: it has no keys, and helpers of its own instead of those on keys and values. */
abstract sealed class RecordMap extends BpfMap permits RingBufferMap, UserRingMap {
    RecordMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
    }

    @Override
    public final int update(long key, long value, long flags, int slot) {
        return -Errno.ENOTSUPP;
    }

    @Override
    public final int delete(long key) {
        return -Errno.ENOTSUPP;
    }

    @Override
    public final int push(long value, long flags) {
        return -Errno.ENOTSUPP;
    }

    @Override
    public final int pop(long value) {
        return -Errno.ENOTSUPP;
    }

    @Override
    public final int peek(long value) {
        return -Errno.ENOTSUPP;
    }
}
