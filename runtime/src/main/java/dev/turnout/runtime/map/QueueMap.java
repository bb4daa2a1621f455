package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code queue} and {@code stack}: values side by side in a ring of as many places as there are entries. The header says where the oldest
 * is and how many there are, under one lock, as in Linux; programs get copies, never addresses. A value is gone for others once it was
 * popped, so each is popped once.
 */
public final class QueueMap extends BpfMap {
    private static final ByteString NO_KEY = ByteString.zeros(0);

    private final boolean last;
    private final long header;
    private final long values;
    private final long stride;
    private final int valueSize;
    private final long entries;

    private QueueMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.last = definition.kind() == MapKind.STACK;
        this.header = memory.address();
        this.values = header + MapHeader.SIZE;
        this.valueSize = definition.valueSize();
        this.stride = MapFactory.padded(valueSize);
        this.entries = definition.maxEntries();
        Memory.storeLong(header + MapHeader.VALUES, values);
        Memory.storeInt(header + MapHeader.STRIDE, (int) stride);
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        long bytes = MapHeader.SIZE + definition.maxEntries() * MapFactory.padded(definition.valueSize());
        return new MapFactory.Plan(bytes, memory -> new QueueMap(definition, memory));
    }

    /** Adds a value; with {@link #EXIST}, a full queue or stack loses its oldest. */
    @Override
    public int push(long value, long flags) {
        if ((flags & NO_EXIST) != 0 || Long.compareUnsigned(flags, EXIST) > 0) {
            return -Errno.EINVAL;
        }
        lock();
        try {
            if (count() == entries) {
                if (flags != EXIST) {
                    return -Errno.E2BIG;
                }
                dropOldest();
            }
            Memory.copy(value, place(count()), valueSize);
            count(count() + 1);
            return 0;
        } finally {
            unlock();
        }
    }

    @Override
    public int pop(long value) {
        return next(value, true);
    }

    @Override
    public int peek(long value) {
        return next(value, false);
    }

    private int next(long value, boolean remove) {
        lock();
        try {
            long count = count();
            if (count == 0) {
                Memory.zero(value, valueSize);
                return -Errno.ENOENT;
            }
            Memory.copy(place(last ? count - 1 : 0), value, valueSize);
            if (remove) {
                if (last) {
                    count(count - 1);
                } else {
                    dropOldest();
                }
            }
            return 0;
        } finally {
            unlock();
        }
    }

    // For holders of the lock.

    private long count() {
        return Memory.loadInt(header + MapHeader.COUNT) & 0xffff_ffffL;
    }

    private void count(long count) {
        Memory.storeInt(header + MapHeader.COUNT, (int) count);
    }

    private long oldest() {
        return Memory.loadInt(header + MapHeader.OLDEST) & 0xffff_ffffL;
    }

    private void dropOldest() {
        Memory.storeInt(header + MapHeader.OLDEST, (int) ((oldest() + 1) % entries));
        count(count() - 1);
    }

    /** Where the value stands that came {@code age} after the oldest. */
    private long place(long age) {
        return values + (oldest() + age) % entries * stride;
    }

    private void lock() {
        SpinLock.acquire(header + MapHeader.LOCK);
    }

    private void unlock() {
        SpinLock.release(header + MapHeader.LOCK);
    }

    /** The values in the order in which they would be popped, as entries without a key. */
    @Override
    public void each(Consumer<MapEntry> use) {
        List<MapEntry> all = new ArrayList<>();
        lock();
        try {
            long count = count();
            for (long i = 0; i < count; i++) {
                byte[] value = Memory.copyOut(place(last ? count - 1 - i : i), valueSize);
                all.add(new MapEntry(NO_KEY, List.of(ByteString.copyOf(value))));
            }
        } finally {
            unlock();
        }
        all.forEach(use);
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        return -Errno.EINVAL;
    }

    @Override
    public int delete(long key) {
        return -Errno.EINVAL;
    }

    @Override
    int nextKey(long key, long next) {
        return -Errno.EINVAL;
    }

    @Override
    public boolean inValue(long address, long bytes) {
        return false;
    }
}
