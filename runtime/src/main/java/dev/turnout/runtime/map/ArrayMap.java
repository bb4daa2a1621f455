package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code array} and {@code percpu_array}, and data sections, which are arrays of one value. Every index exists from the start. */
public final class ArrayMap extends BpfMap {
    private final long values;
    private final long stride;
    private final int slots;
    /** Bytes that the values of one slot take. */
    private final long slotBytes;
    /** What a slot's number is multiplied by: 0 if all slots see the same values. */
    private final long slotStride;

    private final long maxEntries;
    private final int valueSize;

    private ArrayMap(MapDefinition definition, Mapping memory, int slots, long stride, long slotBytes) {
        super(definition, memory);
        this.values = memory.address() + MapHeader.SIZE;
        this.stride = stride;
        this.slots = slots;
        this.slotBytes = slotBytes;
        this.slotStride = definition.kind().perCpu() ? slotBytes : 0;
        this.maxEntries = definition.maxEntries();
        this.valueSize = definition.valueSize();
        long header = memory.address();
        Memory.storeLong(header + MapHeader.VALUES, values);
        Memory.storeInt(header + MapHeader.STRIDE, (int) stride);
        Memory.storeInt(header + MapHeader.SLOTS, slots);
        Memory.storeLong(header + MapHeader.SLOT_STRIDE, slotStride);
        if (definition.content() instanceof MapDefinition.Content.Data data) {
            Memory.copyIn(data.bytes().toArray(), values);
        }
    }

    /** Bytes from one value of a map of these kinds to the next, in one CPU slot. */
    public static int stride(MapDefinition definition) {
        return (int) MapFactory.padded(definition.valueSize());
    }

    /** How much memory such a map takes, and how it becomes one. */
    static MapFactory.Plan plan(MapDefinition definition, int cpuSlots) {
        long stride = stride(definition);
        int slots = definition.kind().perCpu() ? cpuSlots : 1;
        // Slots begin on cache lines of their own: CPUs that count do not disturb each other.
        long slotBytes = (stride * definition.maxEntries() + 63) & -64;
        return new MapFactory.Plan(
                MapHeader.SIZE + slots * slotBytes,
                memory -> new ArrayMap(definition, memory, slots, stride, slotBytes));
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public long lookup(long key, int slot) {
        long index = Memory.loadInt(key) & 0xffff_ffffL;
        return index < maxEntries ? values + slot * slotStride + index * stride : 0;
    }

    @Override
    public long lookupOn(long key, long slot) {
        return Long.compareUnsigned(slot, slots) < 0 ? lookup(key, (int) slot) : 0;
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        long place = lookup(key, slot);
        int refused = refused(place, flags);
        if (refused != 0) {
            return refused;
        }
        if ((flags & LOCK) != 0) {
            fields.copyUnderLock(value, place);
        } else {
            fields.copy(value, place);
        }
        fields.end(place);
        return 0;
    }

    private int refused(long place, long flags) {
        if (Long.compareUnsigned(flags & ~LOCK, EXIST) > 0) {
            return -Errno.EINVAL;
        }
        if (place == 0) {
            return -Errno.E2BIG;
        }
        if ((flags & NO_EXIST) != 0) {
            return -Errno.EEXIST;
        }
        return (flags & LOCK) != 0 && !fields.hasLock() ? -Errno.EINVAL : 0;
    }

    @Override
    int updateAll(long key, long from, long fromStride, long flags) {
        int result = 0;
        for (int slot = 0; slot < slots && result == 0; slot++) {
            result = update(key, from + slot * fromStride, flags, slot);
        }
        return result;
    }

    @Override
    public int delete(long key) {
        return -Errno.EINVAL;
    }

    @Override
    int nextKey(long key, long next) {
        long index = key == 0 ? maxEntries : Memory.loadInt(key) & 0xffff_ffffL;
        if (index == maxEntries - 1) {
            return -Errno.ENOENT;
        }
        Memory.storeInt(next, index >= maxEntries ? 0 : (int) index + 1);
        return 0;
    }

    @Override
    public Optional<MapWalk> walk(int slot, long scratch) {
        return Optional.of(new MapWalk() {
            private long index = -1;

            @Override
            public boolean advance() {
                index++;
                if (index >= maxEntries) {
                    return false;
                }
                Memory.storeInt(scratch, (int) index);
                return true;
            }

            @Override
            public long key() {
                return scratch;
            }

            @Override
            public long value() {
                return values + slot * slotStride + index * stride;
            }
        });
    }

    @Override
    public long direct() {
        return maxEntries == 1 && slots == 1 ? values : 0;
    }

    @Override
    public boolean inValue(long address, long bytes) {
        long at = address - values;
        if (at < 0 || at >= slots * slotBytes) {
            return false;
        }
        long inSlot = at % slotBytes;
        return inSlot < maxEntries * stride && inSlot % stride + bytes <= valueSize;
    }

    @Override
    public void each(Consumer<MapEntry> use) {
        byte[] key = new byte[4];
        for (long index = 0; index < maxEntries; index++) {
            for (int i = 0; i < 4; i++) {
                key[i] = (byte) (index >>> (8 * i));
            }
            List<ByteString> all = new ArrayList<>(slots);
            for (int slot = 0; slot < slots; slot++) {
                all.add(fields.shown(values + slot * slotStride + index * stride));
            }
            use.accept(new MapEntry(ByteString.copyOf(key), all));
        }
    }
}
