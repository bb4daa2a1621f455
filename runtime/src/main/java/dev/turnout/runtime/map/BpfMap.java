package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
        permits ArrayMap, HashTableMap, ProgramArrayMap, CodeArrayMap {
    /** Flags of an update: what is demanded of the key. */
    public static final long ANY = 0;

    public static final long NO_EXIST = 1;
    public static final long EXIST = 2;
    /** Also of an update: under the value's spin lock. */
    public static final long LOCK = 4;

    private final MapDefinition definition;
    private final Mapping memory;

    BpfMap(MapDefinition definition, Mapping memory) {
        this.definition = definition;
        this.memory = memory;
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
    public abstract int slots();

    /** Address of the value of the key at {@code key}, or 0. */
    public abstract long lookup(long key, int slot);

    /** 0, or a negated {@link Errno}. */
    public abstract int update(long key, long value, long flags, int slot);

    /** 0, or a negated {@link Errno}. */
    public abstract int delete(long key);

    /** Address of the value that programs may point into without a lookup (data sections, jump tables), or 0. */
    public abstract long direct();

    /** Whether all of these bytes lie in one value: what an access of a program must keep to. */
    public abstract boolean inValue(long address, long bytes);

    /** Whether programs may write values in place. */
    public boolean writable() {
        return !definition.frozen();
    }

    /** Shows every entry: arrays by index, tables in the order of their keys' bytes, so that output does not depend on hashes. */
    public abstract void each(Consumer<MapEntry> use);

    public final List<MapEntry> entries() {
        List<MapEntry> all = new ArrayList<>();
        each(all::add);
        return all;
    }

    /** The values of a key, one a slot; empty if it is not there. */
    public final List<ByteString> read(ByteString key) {
        demand("key", key.size(), definition.keySize());
        List<ByteString> values = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            long at = copyIn(arena, key);
            for (int slot = 0; slot < slots(); slot++) {
                long value = lookup(at, slot);
                if (value == 0) {
                    return List.of();
                }
                values.add(ByteString.copyOf(Memory.copyOut(value, definition.valueSize())));
            }
        }
        return values;
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
     * Sets the value of a key, in every CPU slot.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#EPERM} for frozen data, on which proofs rest
     */
    public final int write(ByteString key, ByteString value, long flags) {
        demand("value", value.size(), definition.valueSize());
        if (!writable()) {
            return -Errno.EPERM;
        }
        return withKey(key, at -> {
            try (Arena arena = Arena.ofConfined()) {
                long from = copyIn(arena, value);
                int result = update(at, from, flags, 0);
                for (int slot = 1; slot < slots() && result == 0; slot++) {
                    result = update(at, from, ANY, slot);
                }
                return result;
            }
        });
    }

    /**
     * Sets the value of a key in one CPU slot.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#EPERM} for frozen data, on which proofs rest
     */
    public final int writeSlot(ByteString key, int slot, ByteString value, long flags) {
        demand("value", value.size(), definition.valueSize());
        if (!writable()) {
            return -Errno.EPERM;
        }
        return withKey(key, at -> {
            try (Arena arena = Arena.ofConfined()) {
                return update(at, copyIn(arena, value), flags, slot);
            }
        });
    }

    /** 0, or a negated {@link Errno}. */
    public final int remove(ByteString key) {
        return withKey(key, this::delete);
    }

    private int withKey(ByteString key, LongToIntFunction operation) {
        demand("key", key.size(), definition.keySize());
        try (Arena arena = Arena.ofConfined()) {
            return operation.applyAsInt(copyIn(arena, key));
        }
    }

    private static long copyIn(Arena arena, ByteString bytes) {
        MemorySegment to = arena.allocate(Math.max(1, bytes.size()), 8);
        Memory.copyIn(bytes.toArray(), to.address());
        return to.address();
    }

    private void demand(String what, int size, int demanded) {
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
