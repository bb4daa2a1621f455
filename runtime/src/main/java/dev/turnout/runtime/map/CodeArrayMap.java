package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.function.Consumer;

/**
 * {@code insn_array}: addresses of code side by side, eight bytes each, which programs load and go to, and can do nothing else with.
 * What an address is depends on the engine; whose code it leads to, on the kind of table.
 */
public abstract sealed class CodeArrayMap extends BpfMap permits InstructionArrayMap, FunctionArrayMap {
    private static final int ENTRY = 8;

    private final long values;
    private final int entries;

    CodeArrayMap(MapDefinition definition, Mapping memory, int entries) {
        super(definition, memory);
        this.values = memory.address() + MapHeader.SIZE;
        this.entries = entries;
        Memory.storeLong(memory.address() + MapHeader.VALUES, values);
        Memory.storeInt(memory.address() + MapHeader.STRIDE, ENTRY);
    }

    /** Bytes that a table takes, header included. */
    static long bytes(MapDefinition definition, int entries) {
        return MapHeader.SIZE + (long) ENTRY * Math.max(entries, definition.maxEntries());
    }

    /** Where an entry stands. */
    final long entry(int index) {
        return values + (long) ENTRY * index;
    }

    @Override
    public final int slots() {
        return 1;
    }

    @Override
    public final long lookup(long key, int slot) {
        return 0;
    }

    @Override
    public final int update(long key, long value, long flags, int slot) {
        return -Errno.EINVAL;
    }

    @Override
    public final int delete(long key) {
        return -Errno.EINVAL;
    }

    @Override
    public final long direct() {
        return values;
    }

    /** A table is one value: its addresses side by side. */
    @Override
    public final boolean inValue(long address, long bytes) {
        long at = address - values;
        return at >= 0 && at + bytes <= (long) ENTRY * entries;
    }

    @Override
    public final boolean writable() {
        return false;
    }

    /** Entries are code, shown with the code. */
    @Override
    public final void each(Consumer<MapEntry> use) {}
}
