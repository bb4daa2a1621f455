package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.HashShape.STATE;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code hash}, {@code lru_hash} and their per-CPU forms over a {@link HashTable}.
 *
 * <p>A value that is not per CPU is replaced by an element of its own, so that nobody sees half of it; per-CPU values are written where
 * they are, each by its CPU. The elements of all have their places from the start, and with {@code BPF_F_NO_PREALLOC} they get their
 * memory when they are first used. {@code BPF_F_NO_COMMON_LRU} changes nothing: keys are evicted from all that there are, so that more
 * survive than in Linux, where each CPU has its share.
 */
public final class HashTableMap extends BpfMap {
    private static final int COPY_TRIES = 64;

    /** Bytes of a table whose memory is there from the start: a definition alone must not exhaust the system. */
    private static final long MOST_PREALLOCATED = 1L << 26;

    private final HashShape shape;
    private final HashTable table;
    private final FreeElements free;
    /** Of LRU tables. */
    private final @Nullable EvictionClock clock;

    private final boolean perCpu;
    private final int valueSize;
    private final long stride;

    static MapFactory.Plan plan(MapDefinition definition, int cpuSlots) {
        HashShape shape = HashShape.of(
                definition, definition.valueSize(), cpuSlots, !definition.kind().perCpu());
        long bytes = shape.bytes();
        boolean later = definition.has(MapFlag.NO_PREALLOC) || bytes > MOST_PREALLOCATED;
        return new MapFactory.Plan(
                bytes,
                () -> later ? Mapping.anywhere(bytes) : Mapping.present(bytes),
                memory -> new HashTableMap(definition, memory, shape));
    }

    private HashTableMap(MapDefinition definition, Mapping memory, HashShape shape) {
        super(definition, memory);
        long header = memory.address();
        shape.write(header);
        this.shape = shape;
        this.table = new HashTable(header, shape);
        this.free = new FreeElements(header, table, shape);
        this.clock = evicts(definition.kind()) ? new EvictionClock(header, table, free, shape) : null;
        this.perCpu = shape.apart();
        this.valueSize = definition.valueSize();
        this.stride = MapFactory.padded(valueSize);
    }

    private static boolean evicts(MapKind kind) {
        return kind == MapKind.LRU_HASH || kind == MapKind.LRU_PERCPU_HASH;
    }

    @Override
    public int slots() {
        return shape.slots();
    }

    @Override
    public long lookup(long key, int slot) {
        int element = table.find(key, table.hash(key));
        if (element < 0) {
            return 0;
        }
        if (clock != null) {
            clock.touch(element);
        }
        return table.value(element, perCpu ? slot : 0);
    }

    @Override
    long lookupByHost(long key, int slot) {
        int element = table.find(key, table.hash(key));
        return element < 0 ? 0 : table.value(element, perCpu ? slot : 0);
    }

    @Override
    public long lookupOn(long key, long slot) {
        return perCpu && Long.compareUnsigned(slot, slots()) < 0 ? lookup(key, (int) slot) : 0;
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        boolean lockable = !perCpu && clock == null;
        if (Long.compareUnsigned(lockable ? flags & ~LOCK : flags, EXIST) > 0
                || ((flags & LOCK) != 0 && !fields.hasLock())) {
            return -Errno.EINVAL;
        }
        return put(key, flags, new NewValue(value, 0, slot));
    }

    @Override
    int updateAll(long key, long values, long distance, long flags) {
        if (!perCpu) {
            return update(key, values, flags, 0);
        }
        return Long.compareUnsigned(flags, EXIST) > 0
                ? -Errno.EINVAL
                : put(key, flags, new NewValue(values, distance, NewValue.ALL));
    }

    /**
     * What a key gets.
     *
     * @param at address of the value, of the first slot if each has its own
     * @param distance from one slot's value to the next one's
     * @param slot the slot that gets it, or {@link #ALL}
     */
    private record NewValue(long at, long distance, int slot) {
        static final int ALL = -1;

        boolean reaches(int other) {
            return slot == ALL || slot == other;
        }

        long of(int other) {
            return slot == ALL ? at + other * distance : at;
        }
    }

    private int put(long key, long flags, NewValue value) {
        int hash = table.hash(key);
        int bucket = table.bucketOf(hash);
        int fresh = -1;
        while (true) {
            table.lock(bucket);
            try {
                int old = table.scan(key, hash);
                int refused = refused(old, flags);
                if (refused != 0 || old >= 0) {
                    if (fresh >= 0) {
                        free.give(fresh);
                    }
                    return refused != 0 ? refused : replace(bucket, old, key, hash, flags, value);
                }
                if (fresh < 0) {
                    fresh = free.take();
                }
                if (fresh >= 0) {
                    insert(bucket, fresh, key, hash, value);
                    return 0;
                }
            } finally {
                table.unlock(bucket);
            }
            if (clock == null) {
                return -Errno.E2BIG;
            }
            // Another bucket's lock is needed to evict, so ours is free meanwhile.
            fresh = clock.takeOrEvict();
        }
    }

    private static int refused(int old, long flags) {
        if (old >= 0 && (flags & NO_EXIST) != 0) {
            return -Errno.EEXIST;
        }
        return old < 0 && (flags & EXIST) != 0 ? -Errno.ENOENT : 0;
    }

    private int replace(int bucket, int old, long key, int hash, long flags, NewValue value) {
        if (perCpu) {
            for (int slot = 0; slot < slots(); slot++) {
                if (value.reaches(slot)) {
                    fields.copy(value.of(slot), table.value(old, slot));
                }
            }
            if (clock != null) {
                clock.touch(old);
            }
        } else if ((flags & LOCK) != 0) {
            fields.copyUnderLock(value.at(), table.value(old, 0));
        } else {
            int slot = value.slot();
            int spare = free.takeSpare(slot);
            table.name(spare, key, hash);
            fields.copy(value.at(), table.value(spare, 0));
            // A key that is written often is one that is used.
            present(spare, clock != null);
            table.link(bucket, spare);
            table.unlink(bucket, old);
            fields.end(table.value(old, 0));
            free.giveSpare(slot, old);
        }
        return 0;
    }

    private void insert(int bucket, int fresh, long key, int hash, NewValue value) {
        table.name(fresh, key, hash);
        for (int slot = 0; slot < slots(); slot++) {
            long place = table.value(fresh, slot);
            if (!perCpu || value.reaches(slot)) {
                fields.copy(value.of(slot), place);
            } else {
                fields.zero(place);
            }
        }
        present(fresh, false);
        table.link(bucket, fresh);
    }

    private void present(int element, boolean referenced) {
        Memory.storeIntVolatile(
                table.element(element) + STATE, referenced ? EvictionClock.REFERENCED : EvictionClock.PRESENT);
    }

    @Override
    public int delete(long key) {
        return remove(key, 0, ANY);
    }

    @Override
    int takeOut(long key, long to, long flags) {
        return remove(key, to, flags);
    }

    /** Deletes a key; its values go to {@code to}, if that is not 0. */
    private int remove(long key, long to, long flags) {
        int hash = table.hash(key);
        int bucket = table.bucketOf(hash);
        table.lock(bucket);
        try {
            int element = table.scan(key, hash);
            if (element < 0) {
                return -Errno.ENOENT;
            }
            if (to != 0) {
                copy(element, to, flags);
            }
            table.unlink(bucket, element);
            for (int slot = 0; slot < slots(); slot++) {
                fields.end(table.value(element, slot));
            }
            free.give(element);
            return 0;
        } finally {
            table.unlock(bucket);
        }
    }

    private void copy(int element, long to, long flags) {
        for (int slot = 0; slot < slots(); slot++) {
            show(table.value(element, slot), to + slot * stride, flags);
        }
    }

    @Override
    int copyOut(long key, long to, long flags) {
        int hash = table.hash(key);
        int bucket = table.bucketOf(hash);
        // Under a spin lock, which a program may hold for long, the copy is made once.
        for (int tries = 0; tries < COPY_TRIES && (flags & LOCK) == 0; tries++) {
            int state = table.state(bucket);
            int element = table.scan(key, hash);
            if (element >= 0) {
                copy(element, to, flags);
            }
            if (table.isStill(bucket, state)) {
                return element < 0 ? -Errno.ENOENT : 0;
            }
            SpinLock.pause(tries);
        }
        table.lock(bucket);
        try {
            int element = table.scan(key, hash);
            if (element < 0) {
                return -Errno.ENOENT;
            }
            copy(element, to, flags);
            return 0;
        } finally {
            table.unlock(bucket);
        }
    }

    @Override
    int nextKey(long key, long next) {
        int from = 0;
        if (key != 0) {
            int hash = table.hash(key);
            int bucket = table.bucketOf(hash);
            table.lock(bucket);
            try {
                int element = table.scan(key, hash);
                if (element >= 0) {
                    int behind = table.next(element);
                    if (behind >= 0) {
                        Memory.copy(table.key(behind), next, definition().keySize());
                        return 0;
                    }
                    from = bucket + 1;
                }
            } finally {
                table.unlock(bucket);
            }
        }
        return firstKey(from, next);
    }

    private int firstKey(int from, long next) {
        for (int bucket = from; bucket < table.buckets(); bucket++) {
            if (table.head(bucket) < 0) {
                continue;
            }
            table.lock(bucket);
            try {
                int first = table.head(bucket);
                if (first >= 0) {
                    Memory.copy(table.key(first), next, definition().keySize());
                    return 0;
                }
            } finally {
                table.unlock(bucket);
            }
        }
        return -Errno.ENOENT;
    }

    @Override
    public Optional<MapWalk> walk(int slot, long scratch) {
        return Optional.of(new HashWalk(table, perCpu ? slot : 0));
    }

    @Override
    public boolean inValue(long address, long bytes) {
        return shape.inValue(address(), address, bytes);
    }

    @Override
    public boolean inKey(long address, long bytes) {
        return shape.inKey(address(), address, bytes);
    }

    @Override
    public void each(Consumer<MapEntry> use) {
        List<MapEntry> found = new ArrayList<>();
        for (int bucket = 0; bucket < table.buckets(); bucket++) {
            if (table.head(bucket) < 0) {
                continue;
            }
            table.lock(bucket);
            try {
                for (int at = table.head(bucket); at >= 0; at = table.next(at)) {
                    found.add(entry(at));
                }
            } finally {
                table.unlock(bucket);
            }
        }
        found.sort((a, b) -> Arrays.compareUnsigned(a.key().toArray(), b.key().toArray()));
        found.forEach(use);
    }

    private MapEntry entry(int element) {
        List<ByteString> all = new ArrayList<>(slots());
        for (int slot = 0; slot < slots(); slot++) {
            all.add(fields.shown(table.value(element, slot)));
        }
        return new MapEntry(
                ByteString.copyOf(
                        Memory.copyOut(table.key(element), definition().keySize())),
                all);
    }
}
