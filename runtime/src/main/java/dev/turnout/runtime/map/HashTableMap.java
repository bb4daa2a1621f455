package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code hash}, {@code lru_hash} and their per-CPU forms. Layout: see the package.
 *
 * <p>Readers walk a chain without a lock. Writers hold their bucket's lock, whose word counts: odd while it is held, larger
 * after each change. A replacement is linked in front before the old element is unlinked. A reader who finds his key is done:
 * the key was there. One who does not, and sees that the bucket changed meanwhile, starts over: the element that he stood on
 * may have been freed, used again, and have led him elsewhere. After some tries he takes the lock.
 *
 * <p>A replacement needs a free element even when the map is full: there are as many spare ones as CPU slots, and a writer who
 * finds none waits, holding his bucket, for another writer, who needs nothing from him, to free one.
 *
 * <p>The eviction of {@code lru_hash} is a clock: elements that were looked up since the hand last passed are spared once.
 * Linux's choice differs in detail and depends on CPUs.
 */
public final class HashTableMap extends BpfMap {
    private static final int NEXT = 0;
    private static final int HASH = 4;
    private static final int STATE = 8;
    private static final int FREE_LINK = 12;
    private static final int KEY = 16;

    private static final int FREE = 0;
    private static final int PRESENT = 1;
    private static final int REFERENCED = 2;

    private static final int BUCKET_BYTES = 8;
    private static final int BUCKET_LOCK = 4;
    private static final int READER_TRIES = 64;

    private final int slots;
    private final boolean perCpu;
    private final boolean evicts;
    private final int keySize;
    private final int valueSize;
    private final long maxEntries;
    private final long capacity;
    private final long header;
    private final long buckets;
    private final int bucketMask;
    private final long elements;
    private final long elementStride;
    /** Of value i of slot s: {@code values + s * slotStride + i * stride}, in both forms. */
    private final long values;

    private final long stride;
    private final long slotStride;

    /** Where the parts of a table stand behind its header, in bytes. */
    private record Shape(int slots, int buckets, long capacity, long elementStride, long stride, long slotStride) {
        long elementsAt() {
            return MapHeader.SIZE + (long) buckets * BUCKET_BYTES;
        }

        long valuesAt() {
            return (elementsAt() + capacity * elementStride + 63) & -64;
        }

        boolean apart() {
            return slotStride != 0;
        }

        long bytes() {
            return apart() ? valuesAt() + slots * slotStride : valuesAt();
        }
    }

    static MapFactory.Plan plan(MapDefinition definition, int cpuSlots) {
        boolean perCpu = definition.kind().perCpu();
        long key = MapFactory.padded(definition.keySize());
        long value = MapFactory.padded(definition.valueSize());
        long capacity = definition.maxEntries() + cpuSlots;
        int buckets = (int) Math.min(1L << 30, Long.highestOneBit(Math.max(1, 2 * definition.maxEntries() - 1)));
        Shape shape = perCpu
                ? new Shape(cpuSlots, buckets, capacity, KEY + key, value, (capacity * value + 63) & -64)
                : new Shape(1, buckets, capacity, KEY + key + value, KEY + key + value, 0);
        return new MapFactory.Plan(shape.bytes(), memory -> new HashTableMap(definition, memory, shape));
    }

    private HashTableMap(MapDefinition definition, Mapping memory, Shape shape) {
        super(definition, memory);
        this.slots = shape.slots();
        this.perCpu = shape.apart();
        this.evicts = definition.kind() == MapKind.LRU_HASH || definition.kind() == MapKind.LRU_PERCPU_HASH;
        this.keySize = definition.keySize();
        this.valueSize = definition.valueSize();
        this.maxEntries = definition.maxEntries();
        this.capacity = shape.capacity();
        this.header = memory.address();
        this.buckets = header + MapHeader.SIZE;
        this.bucketMask = shape.buckets() - 1;
        this.elements = header + shape.elementsAt();
        this.elementStride = shape.elementStride();
        int elementValue = perCpu ? 0 : KEY + (int) MapFactory.padded(keySize);
        this.values = perCpu ? header + shape.valuesAt() : elements + elementValue;
        this.stride = shape.stride();
        this.slotStride = shape.slotStride();
        Memory.storeLong(header + MapHeader.VALUES, values);
        Memory.storeInt(header + MapHeader.STRIDE, (int) stride);
        Memory.storeInt(header + MapHeader.SLOTS, slots);
        Memory.storeLong(header + MapHeader.SLOT_STRIDE, slotStride);
        Memory.storeLong(header + MapHeader.BUCKETS, buckets);
        Memory.storeInt(header + MapHeader.BUCKET_MASK, bucketMask);
        Memory.storeInt(header + MapHeader.ELEMENT_STRIDE, (int) elementStride);
        Memory.storeLong(header + MapHeader.ELEMENTS, elements);
        Memory.storeInt(header + MapHeader.ELEMENT_VALUE, elementValue);
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public long lookup(long key, int slot) {
        int element = find(key, hash(key));
        if (element < 0) {
            return 0;
        }
        if (evicts) {
            // A lost race leaves the mark of an element that is no longer there: it is spared once too often.
            Memory.compareAndSetInt(element(element) + STATE, PRESENT, REFERENCED);
        }
        return value(element, slot);
    }

    @Override
    long lookupByHost(long key, int slot) {
        int element = find(key, hash(key));
        return element < 0 ? 0 : value(element, slot);
    }

    @Override
    public long lookupOn(long key, long slot) {
        return perCpu && Long.compareUnsigned(slot, slots) < 0 ? lookup(key, (int) slot) : 0;
    }

    // A new key has zeros on other slots for a moment: until the table copies them itself.
    @Override
    int updateAll(long key, long from, long fromStride, long flags) {
        int result = update(key, from, flags, 0);
        for (int slot = 1; slot < slots && result == 0; slot++) {
            result = update(key, from + slot * fromStride, ANY, slot);
        }
        return result;
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        long known = perCpu ? flags : flags & ~LOCK;
        if (Long.compareUnsigned(known, EXIST) > 0 || (flags & LOCK) != 0) {
            return -Errno.EINVAL;
        }
        int hash = hash(key);
        // Room is made before the bucket is locked: to evict takes the lock of another one.
        while (true) {
            int result = tryUpdate(key, value, flags, slot, hash);
            if (result != -Errno.E2BIG || !evicts) {
                return result;
            }
            if (!evict()) {
                return -Errno.ENOMEM;
            }
        }
    }

    private int tryUpdate(long key, long value, long flags, int slot, int hash) {
        int bucket = hash & bucketMask;
        lock(bucket);
        try {
            int old = scan(key, hash);
            if (old >= 0 && (flags & NO_EXIST) != 0) {
                return -Errno.EEXIST;
            }
            if (old < 0 && (flags & EXIST) != 0) {
                return -Errno.ENOENT;
            }
            if (old >= 0 && perCpu) {
                Memory.copy(value, value(old, slot), valueSize);
                return 0;
            }
            if (old < 0 && !countOneMore()) {
                return -Errno.E2BIG;
            }
            int fresh = take();
            fill(fresh, key, hash, value, slot);
            link(bucket, fresh);
            if (old >= 0) {
                unlink(bucket, old);
                give(old);
            }
            return 0;
        } finally {
            unlock(bucket);
        }
    }

    private boolean countOneMore() {
        while (true) {
            int count = Memory.loadIntVolatile(header + MapHeader.COUNT);
            if (count >= maxEntries) {
                return false;
            }
            if (Memory.compareAndSetInt(header + MapHeader.COUNT, count, count + 1)) {
                return true;
            }
        }
    }

    private void fill(int element, long key, int hash, long value, int slot) {
        long at = element(element);
        Memory.storeInt(at + HASH, hash);
        Memory.copy(key, at + KEY, keySize);
        for (int each = 0; each < slots; each++) {
            if (perCpu && each != slot) {
                Memory.zero(value(element, each), valueSize);
            } else {
                Memory.copy(value, value(element, each), valueSize);
            }
        }
        Memory.storeIntVolatile(at + STATE, PRESENT);
    }

    @Override
    public int delete(long key) {
        int hash = hash(key);
        int bucket = hash & bucketMask;
        lock(bucket);
        try {
            int element = scan(key, hash);
            if (element < 0) {
                return -Errno.ENOENT;
            }
            remove(bucket, element);
            return 0;
        } finally {
            unlock(bucket);
        }
    }

    private void remove(int bucket, int element) {
        unlink(bucket, element);
        give(element);
        Memory.addInt(header + MapHeader.COUNT, -1);
    }

    /** Frees the element that was not looked up for longest, roughly; false if there is none. */
    private boolean evict() {
        for (long tries = 0; tries < 2 * capacity + 2; tries++) {
            int element = Integer.remainderUnsigned(Memory.addInt(header + MapHeader.HAND, 1), (int) capacity);
            long at = element(element);
            if (Memory.compareAndSetInt(at + STATE, REFERENCED, PRESENT)) {
                continue;
            }
            if (Memory.loadIntVolatile(at + STATE) != PRESENT) {
                continue;
            }
            int hash = Memory.loadInt(at + HASH);
            int bucket = hash & bucketMask;
            lock(bucket);
            try {
                if (isLinked(bucket, element)) {
                    remove(bucket, element);
                    return true;
                }
            } finally {
                unlock(bucket);
            }
        }
        return Memory.loadIntVolatile(header + MapHeader.COUNT) < maxEntries;
    }

    @Override
    public long direct() {
        return 0;
    }

    @Override
    public boolean inValue(long address, long bytes) {
        long at = address - values;
        if (at < 0 || at >= (perCpu ? slots * slotStride : capacity * stride)) {
            return false;
        }
        long inSlot = perCpu ? at % slotStride : at;
        return inSlot < capacity * stride && inSlot % stride + bytes <= valueSize;
    }

    @Override
    public void each(Consumer<MapEntry> use) {
        List<MapEntry> found = new ArrayList<>();
        for (int bucket = 0; bucket <= bucketMask; bucket++) {
            lock(bucket);
            try {
                for (int at = head(bucket); at >= 0; at = next(at)) {
                    found.add(copy(at));
                }
            } finally {
                unlock(bucket);
            }
        }
        found.sort((a, b) -> Arrays.compareUnsigned(a.key().toArray(), b.key().toArray()));
        found.forEach(use);
    }

    private MapEntry copy(int element) {
        List<ByteString> all = new ArrayList<>(slots);
        for (int slot = 0; slot < slots; slot++) {
            all.add(ByteString.copyOf(Memory.copyOut(value(element, slot), valueSize)));
        }
        return new MapEntry(ByteString.copyOf(Memory.copyOut(element(element) + KEY, keySize)), all);
    }

    // The table.

    /** The number of the element that holds the key, or a negative number. */
    private int find(long key, int hash) {
        int bucket = hash & bucketMask;
        long word = bucket(bucket) + BUCKET_LOCK;
        for (int tries = 0; tries < READER_TRIES; tries++) {
            int before = Memory.loadIntVolatile(word);
            int found = scan(key, hash);
            if (found >= 0 || ((before & 1) == 0 && Memory.loadIntVolatile(word) == before)) {
                return found;
            }
            backOff(tries);
        }
        lock(bucket);
        try {
            return scan(key, hash);
        } finally {
            unlock(bucket);
        }
    }

    /** One walk along the chain; exact only for the holder of the bucket's lock. */
    private int scan(long key, int hash) {
        for (int at = head(hash & bucketMask); at >= 0; at = next(at)) {
            long element = element(at);
            if (Memory.loadInt(element + HASH) == hash && Memory.same(element + KEY, key, keySize)) {
                return at;
            }
        }
        return -1;
    }

    private boolean isLinked(int bucket, int element) {
        for (int at = head(bucket); at >= 0; at = next(at)) {
            if (at == element) {
                return true;
            }
        }
        return false;
    }

    private void link(int bucket, int element) {
        Memory.storeInt(element(element) + NEXT, head(bucket) + 1);
        Memory.storeRelease(bucket(bucket), 4, element + 1);
    }

    private void unlink(int bucket, int element) {
        long place = bucket(bucket);
        int at = head(bucket);
        while (at != element) {
            place = element(at) + NEXT;
            at = next(at);
        }
        Memory.storeRelease(place, 4, next(element) + 1);
    }

    // Links hold the number of an element plus 1, so that fresh memory is a table of empty chains.

    private int head(int bucket) {
        return (int) Memory.loadAcquire(bucket(bucket), 4) - 1;
    }

    private int next(int element) {
        return (int) Memory.loadAcquire(element(element) + NEXT, 4) - 1;
    }

    private long bucket(int bucket) {
        return buckets + (long) bucket * BUCKET_BYTES;
    }

    private long element(int element) {
        return elements + element * elementStride;
    }

    private long value(int element, int slot) {
        return values + slot * slotStride + element * stride;
    }

    // Free elements: a stack of numbers, and behind it those never used.

    private int take() {
        for (int spins = 0; ; spins++) {
            long top = Memory.loadLongVolatile(header + MapHeader.FREE);
            int element = (int) top - 1;
            if (element >= 0) {
                int below = Memory.loadIntVolatile(element(element) + FREE_LINK);
                if (Memory.compareAndSetLong(header + MapHeader.FREE, top, changed(top, below))) {
                    return element;
                }
                continue;
            }
            int used = Memory.loadIntVolatile(header + MapHeader.USED);
            if (used < capacity) {
                if (Memory.compareAndSetInt(header + MapHeader.USED, used, used + 1)) {
                    return used;
                }
                continue;
            }
            backOff(spins);
        }
    }

    private void give(int element) {
        Memory.storeIntVolatile(element(element) + STATE, FREE);
        while (true) {
            long top = Memory.loadLongVolatile(header + MapHeader.FREE);
            // The link of the chain stays: a reader who still stands here goes on in the chain that he came by.
            Memory.storeIntVolatile(element(element) + FREE_LINK, (int) top);
            if (Memory.compareAndSetLong(header + MapHeader.FREE, top, changed(top, element + 1))) {
                return;
            }
        }
    }

    private static long changed(long top, int element) {
        return (((top >>> 32) + 1) << 32) | (element & 0xffff_ffffL);
    }

    // Locks.

    private void lock(int bucket) {
        long word = bucket(bucket) + BUCKET_LOCK;
        for (int spins = 0; ; spins++) {
            int now = Memory.loadIntVolatile(word);
            if ((now & 1) == 0 && Memory.compareAndSetInt(word, now, now + 1)) {
                return;
            }
            backOff(spins);
        }
    }

    private void unlock(int bucket) {
        long word = bucket(bucket) + BUCKET_LOCK;
        Memory.storeIntVolatile(word, Memory.loadInt(word) + 1);
    }

    @SuppressWarnings("ThreadPriorityCheck") // Whoever holds the lock may wait for our processor.
    private static void backOff(int spins) {
        if (spins < 100) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /** A multiplicative hash of eight bytes at a time; murmur's finish mixes the upper bits down. */
    private int hash(long key) {
        long hash = 0x9e37_79b9_7f4a_7c15L ^ keySize;
        int at = 0;
        for (; at + 8 <= keySize; at += 8) {
            hash = mix(hash ^ Memory.loadLong(key + at));
        }
        long rest = 0;
        for (int shift = 0; at < keySize; at++, shift += 8) {
            rest |= (Memory.loadByte(key + at) & 0xffL) << shift;
        }
        return (int) mix(hash ^ rest);
    }

    private static long mix(long hash) {
        long x = hash * 0xff51_afd7_ed55_8ccdL;
        x ^= x >>> 32;
        x *= 0xc4ce_b9fe_1a85_ec53L;
        return x ^ (x >>> 29);
    }
}
