package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongToIntFunction;

/**
 * A map. Any number of threads may use it at once, programs and hosts alike; each operation is indivisible where Linux's is.
 *
 * <p>Operations of programs take addresses of keys and values and the CPU slot that the run has leased; they return what
 * Linux's helpers return. Operations of hosts take and give copies.
 */
public abstract sealed class BpfMap implements AutoCloseable
        permits ArrayMap,
                HashTableMap,
                LpmTrieMap,
                QueueMap,
                StackTraceMap,
                BloomFilterMap,
                ProgramArrayMap,
                CodeArrayMap,
                RecordMap,
                PerfEventArrayMap,
                MapOfMaps,
                RedirectMap {
    /** Flags of an update: what is demanded of the key. */
    public static final long ANY = 0;

    public static final long NO_EXIST = 1;
    public static final long EXIST = 2;
    /** Also of an update: under the value's spin lock. */
    public static final long LOCK = 4;

    /** Of an update of a per-CPU map by a host: of one value, on the CPU slot that the upper 32 bits of the flags name. */
    public static final long CPU = 8;
    /** Likewise: of one value, on every CPU slot. */
    public static final long ALL_CPUS = 16;

    private final MapDefinition definition;
    private final Mapping memory;
    final ValueFields fields;

    BpfMap(MapDefinition definition, Mapping memory) {
        this.definition = definition;
        this.memory = memory;
        this.fields = new ValueFields(definition);
        MapHeader.write(memory.address(), definition.kind(), definition.keySize(), definition.valueSize(), (int)
                definition.maxEntries());
    }

    public final MapDefinition definition() {
        return definition;
    }

    /** Address of the header: what programs pass to helpers. */
    public final long address() {
        return memory.address();
    }

    /** Writes into the header how the map's machine finds it again. */
    public final void number(int number) {
        Memory.storeInt(address() + MapHeader.NUMBER, number);
    }

    /** Bytes from {@link #address()} on that belong to the map, header included. */
    public final long extent() {
        return memory.size();
    }

    /** Values of a key: CPU slots if the map is per CPU, else 1. */
    public int slots() {
        return 1;
    }

    // Of programs. Those that a kind lacks give what Linux's helpers would; the verifier lets no program call them.

    /** Address of the value of the key at {@code key}, or 0: always so where programs point into no values. */
    public long lookup(long key, int slot) {
        return 0;
    }

    /** Address of the value of the key on any CPU slot; 0 if there is no such key or slot. */
    public long lookupOn(long key, long slot) {
        return 0;
    }

    /** 0, or a negated {@link Errno}. */
    public abstract int update(long key, long value, long flags, int slot);

    /** 0, or a negated {@link Errno}. */
    public abstract int delete(long key);

    /**
     * Adds the value at {@code value}.
     *
     * @return 0, or a negated {@link Errno}
     */
    public int push(long value, long flags) {
        return -Errno.EOPNOTSUPP;
    }

    /**
     * Moves the next value to {@code value}, which is zeros if there is none.
     *
     * @return 0, or a negated {@link Errno}
     */
    public int pop(long value) {
        return -Errno.EOPNOTSUPP;
    }

    /**
     * Copies the next value to {@code value}, or says whether the value there was pushed.
     *
     * @return 0, or a negated {@link Errno}
     */
    public int peek(long value) {
        return -Errno.EOPNOTSUPP;
    }

    /**
     * A walk over the elements as they are now.
     *
     * @param slot of the values that it shows
     * @param scratch 8 bytes that live as long as the walk, for keys that are nowhere in memory
     * @return empty if programs cannot walk over such maps
     */
    public Optional<MapWalk> walk(int slot, long scratch) {
        return Optional.empty();
    }

    /** Address of the value that programs may point into without a lookup (data sections, jump tables), or 0. */
    public long direct() {
        return 0;
    }

    /** Whether all of these bytes lie in one value: what an access of a program must keep to. No, where programs point into none. */
    public boolean inValue(long address, long bytes) {
        return false;
    }

    /** Whether programs may write values in place. */
    public boolean writable() {
        return !definition.frozen() && !definition.has(MapFlag.RDONLY_PROG);
    }

    /** Whether all of these bytes lie in a key that the map stores: programs may read it when a walk shows it. */
    public boolean inKey(long address, long bytes) {
        return false;
    }

    // Of hosts, on addresses: what the kernel's system call does where it differs from the helper.

    /** Like {@link #lookup}, without making the key look used. */
    long lookupByHost(long key, int slot) {
        return lookup(key, slot);
    }

    /**
     * Copies the values of a key for a host, one a slot, each padded to 8 bytes. In tables and tries no value is torn by an update of it.
     *
     * @return 0, or a negated {@link Errno}
     */
    int copyOut(long key, long to, long flags) {
        long stride = MapFactory.padded(definition.valueSize());
        for (int slot = 0; slot < slots(); slot++) {
            long value = lookupByHost(key, slot);
            if (value == 0) {
                return -Errno.ENOENT;
            }
            show(value, to + slot * stride, flags);
        }
        return 0;
    }

    final void show(long value, long to, long flags) {
        if ((flags & LOCK) != 0) {
            fields.showUnderLock(value, to);
        } else {
            fields.show(value, to);
        }
    }

    /**
     * Sets the values of a key on every slot at once.
     *
     * @param stride distance of the value of a slot from the next one's; 0 if all get the same
     * @return 0, or a negated {@link Errno}
     */
    int updateAll(long key, long values, long stride, long flags) {
        return update(key, values, flags, 0);
    }

    /**
     * Copies the values as {@link #copyOut} does and deletes the key, in one step.
     *
     * @return 0, or a negated {@link Errno}
     */
    int takeOut(long key, long to, long flags) {
        return -Errno.ENOTSUPP;
    }

    /**
     * Writes to {@code next} the key behind the one at {@code key}; the first one if that is 0 or a key that is not there.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#ENOENT} behind the last
     */
    int nextKey(long key, long next) {
        return -Errno.ENOTSUPP;
    }

    /** Shows every entry: arrays by index, tables in the order of their keys' bytes, so that output does not depend on hashes. */
    public abstract void each(Consumer<MapEntry> use);

    public final List<MapEntry> entries() {
        List<MapEntry> all = new ArrayList<>();
        each(all::add);
        return all;
    }

    // Of hosts.

    /** The values of a key, one a slot; empty if it is not there. */
    public final List<ByteString> read(ByteString key) {
        return find(key, ANY).values();
    }

    /**
     * The values of a key, as the kernel's system call finds them: without making the key look used, and with zeros for fields that
     * are the machine's own. A queue or stack has no keys; it gives its next value.
     *
     * @param flags {@link #LOCK}, or {@link #CPU} and a slot
     */
    public final MapResult find(ByteString key, long flags) {
        demand("key", key.size(), definition.keySize());
        int refused = refused(flags, LOCK | CPU, definition.has(MapFlag.WRONLY));
        if (refused != 0) {
            return MapResult.failed(refused);
        }
        if (pops()) {
            return inBuffer(this::peek);
        }
        MapResult all = withValues(key, (at, to) -> copyOut(at, to, flags));
        return all.found() && (flags & CPU) != 0 ? MapResult.of(all.values().get((int) (flags >>> 32))) : all;
    }

    /**
     * The values of a key, which is deleted in the same step; the next value of a queue or stack.
     *
     * @param flags {@link #ANY} or {@link #LOCK}
     */
    public final MapResult take(ByteString key, long flags) {
        demand("key", key.size(), definition.keySize());
        // Here the kernel looks at flags first, and then at whether hosts may do it at all.
        if ((flags & ~LOCK) != 0) {
            return MapResult.failed(-Errno.EINVAL);
        }
        int refused = refused(
                flags, LOCK, definition.has(MapFlag.WRONLY) || definition.has(MapFlag.RDONLY) || !hostMayWrite());
        if (refused != 0) {
            return MapResult.failed(refused);
        }
        if (pops()) {
            return inBuffer(this::pop);
        }
        return withValues(key, (at, to) -> takeOut(at, to, flags));
    }

    /**
     * The key behind this one, in no order that a host may rely on; the first if it is empty or not there (any more).
     *
     * @return {@link Errno#ENOENT} behind the last; the key as the one value
     */
    public final MapResult nextKey(Optional<ByteString> after) {
        after.ifPresent(key -> demand("key", key.size(), definition.keySize()));
        if (definition.has(MapFlag.WRONLY)) {
            return MapResult.failed(-Errno.EPERM);
        }
        try (Arena arena = Arena.ofConfined()) {
            long next = room(arena, definition.keySize());
            int result = nextKey(after.isPresent() ? copyIn(arena, after.get()) : 0, next);
            return result == 0
                    ? MapResult.of(ByteString.copyOf(Memory.copyOut(next, definition.keySize())))
                    : MapResult.failed(result);
        }
    }

    /**
     * Adds a value to a queue, stack or Bloom filter.
     *
     * @return 0, or a negated {@link Errno}
     */
    public final int push(ByteString value, long flags) {
        return write(ByteString.zeros(0), value, flags);
    }

    /** Whether a Bloom filter may have seen this value: 0, or a negated {@link Errno}. */
    public final int test(ByteString value) {
        demand("value", value.size(), definition.valueSize());
        if (definition.has(MapFlag.WRONLY)) {
            return -Errno.EPERM;
        }
        try (Arena arena = Arena.ofConfined()) {
            return peek(copyIn(arena, value));
        }
    }

    /** Whether values are pushed and popped instead of found by keys. */
    private boolean pops() {
        return definition.kind() == MapKind.QUEUE || definition.kind() == MapKind.STACK;
    }

    final boolean hostMayWrite() {
        return !definition.frozen() && !definition.has(MapFlag.RDONLY);
    }

    /** What the kernel refuses before it looks at a key. */
    private int refused(long flags, long known, boolean denied) {
        if (denied) {
            return -Errno.EPERM;
        }
        boolean oneCpu = (flags & CPU) != 0;
        if ((flags & 0xffff_ffffL & ~known) != 0
                || ((flags & LOCK) != 0 && !fields.hasLock())
                || (!oneCpu && flags >>> 32 != 0)
                || ((flags & (CPU | ALL_CPUS)) != 0 && !definition.kind().perCpu())
                || (oneCpu && (flags & ALL_CPUS) != 0)) {
            return -Errno.EINVAL;
        }
        return oneCpu && flags >>> 32 >= slots() ? -Errno.ERANGE : 0;
    }

    private MapResult inBuffer(LongToIntFunction operation) {
        try (Arena arena = Arena.ofConfined()) {
            long to = room(arena, definition.valueSize());
            int result = operation.applyAsInt(to);
            return result == 0
                    ? MapResult.of(ByteString.copyOf(Memory.copyOut(to, definition.valueSize())))
                    : MapResult.failed(result);
        }
    }

    private MapResult withValues(ByteString key, LongToLongToInt operation) {
        try (Arena arena = Arena.ofConfined()) {
            long stride = MapFactory.padded(definition.valueSize());
            long to = room(arena, slots() * stride);
            int result = operation.apply(copyIn(arena, key), to);
            if (result != 0) {
                return MapResult.failed(result);
            }
            List<ByteString> values = new ArrayList<>();
            for (int slot = 0; slot < slots(); slot++) {
                values.add(ByteString.copyOf(Memory.copyOut(to + slot * stride, definition.valueSize())));
            }
            return new MapResult(0, values);
        }
    }

    /** An operation on the key at an address and values at another. */
    private interface LongToLongToInt {
        int apply(long key, long values);
    }

    /** Where the value of a key lies, on slot 0; empty if it is not there. */
    public final Optional<Long> address(ByteString key) {
        demand("key", key.size(), definition.keySize());
        try (Arena arena = Arena.ofConfined()) {
            long at = lookup(copyIn(arena, key), 0);
            return at == 0 ? Optional.empty() : Optional.of(at);
        }
    }

    /**
     * Sets the value of a key, on every CPU slot at once if the flags name none. Queues, stacks and Bloom filters, whose key is empty,
     * get one value more.
     *
     * @param flags what is demanded of the key, and {@link #LOCK}, {@link #ALL_CPUS}, or {@link #CPU} and a slot
     * @return 0, or a negated {@link Errno}: {@link Errno#EPERM} for frozen data, on which proofs rest
     */
    public final int write(ByteString key, ByteString value, long flags) {
        return write(key, List.of(value), flags);
    }

    /**
     * The same with a value for each CPU slot.
     *
     * @param values one a slot, or one alone
     */
    public final int write(ByteString key, List<ByteString> values, long flags) {
        demand("key", key.size(), definition.keySize());
        for (ByteString value : values) {
            demand("value", value.size(), definition.valueSize());
        }
        if (values.size() != 1 && (values.size() != slots() || (flags & (CPU | ALL_CPUS)) != 0)) {
            throw new IllegalArgumentException(
                    "map " + definition.name() + ": " + values.size() + " values for " + slots() + " CPU slots");
        }
        int refused = refused(flags, 0xffff_ffffL, !hostMayWrite());
        if (refused != 0) {
            return refused;
        }
        try (Arena arena = Arena.ofConfined()) {
            long stride = MapFactory.padded(definition.valueSize());
            long from = room(arena, values.size() * stride);
            for (int i = 0; i < values.size(); i++) {
                Memory.copyIn(values.get(i).toArray(), from + i * stride);
            }
            if (pops() || definition.kind() == MapKind.BLOOM_FILTER) {
                return push(from, flags);
            }
            long at = copyIn(arena, key);
            // With a CPU named, Linux no longer looks at what is demanded of the key.
            return switch ((int) (flags & (CPU | ALL_CPUS))) {
                case (int) CPU ->
                    (flags & LOCK) != 0 || (flags & 0xffff_ffffL) > ALL_CPUS
                            ? -Errno.EINVAL
                            : update(at, from, ANY, (int) (flags >>> 32));
                case (int) ALL_CPUS -> (flags & 0xffff_ffffL) > ALL_CPUS ? -Errno.EINVAL : updateAll(at, from, 0, ANY);
                default -> updateAll(at, from, values.size() == 1 ? 0 : stride, flags);
            };
        }
    }

    /**
     * Sets the value of a key in one CPU slot; a key that is new has zeros on the others.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#EPERM} for frozen data, on which proofs rest
     */
    public final int writeSlot(ByteString key, int slot, ByteString value, long flags) {
        return write(key, value, slots() == 1 ? flags : flags | CPU | (long) slot << 32);
    }

    /** 0, or a negated {@link Errno}. */
    public final int remove(ByteString key) {
        demand("key", key.size(), definition.keySize());
        if (!hostMayWrite()) {
            return -Errno.EPERM;
        }
        try (Arena arena = Arena.ofConfined()) {
            return delete(copyIn(arena, key));
        }
    }

    static long copyIn(Arena arena, ByteString bytes) {
        long to = room(arena, bytes.size());
        Memory.copyIn(bytes.toArray(), to);
        return to;
    }

    private static long room(Arena arena, long bytes) {
        return arena.allocate(Math.max(1, bytes), 8).address();
    }

    final void demand(String what, int size, int demanded) {
        if (size != demanded) {
            throw new IllegalArgumentException(
                    "map " + definition.name() + ": a " + what + " of " + size + " bytes instead of " + demanded);
        }
    }

    /** Ends the map: no address into it may be used any more. */
    @Override
    public void close() {
        memory.close();
    }

    @Override
    public String toString() {
        return definition.kind().word() + " " + definition.name();
    }
}
