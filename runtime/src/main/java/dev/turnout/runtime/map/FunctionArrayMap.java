package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.Objects;
import java.util.function.IntToLongFunction;

/**
 * {@code insn_array} as a function table: a program loads an address out of it and calls that. As in a jump table, an address is
 * the interpreter's until an engine puts its own here, and each loading of a program has a table of its own, so an address in it
 * never outlives the code that it leads to.
 *
 * <p>A row is replaced by one store of eight aligned bytes: a program that loads meanwhile has the old address or the new one, whole.
 * Any number of threads may replace rows.
 */
public final class FunctionArrayMap extends CodeArrayMap {
    /** By row: where its function starts now, or {@link Functions#MISSING}. */
    private final int[] rows;

    private IntToLongFunction addressOf = InstructionArrayMap::codeAddress;

    private FunctionArrayMap(MapDefinition definition, Mapping memory, Functions table) {
        super(definition, memory, table.rows().size());
        this.rows = table.rows().stream().mapToInt(Integer::intValue).toArray();
        publish();
    }

    static MapFactory.Plan plan(MapDefinition definition, Functions table) {
        return new MapFactory.Plan(
                bytes(definition, table.rows().size()), memory -> new FunctionArrayMap(definition, memory, table));
    }

    private void publish() {
        for (int index = 0; index < rows.length; index++) {
            publish(index);
        }
    }

    private void publish(int index) {
        int start = rows[index];
        Memory.storeLongVolatile(entry(index), start == Functions.MISSING ? 0 : addressOf.applyAsLong(start));
    }

    /**
     * Replaces the interpreter's addresses by those of another engine, before any program reads them. Rows that are replaced
     * meanwhile or later get addresses of that engine.
     *
     * @param engine the address of a function of the program, by the slot where it starts
     */
    public synchronized void useAddresses(IntToLongFunction engine) {
        addressOf = engine;
        publish();
    }

    /**
     * Replaces a row. Loads that begin after this has returned find it.
     *
     * @param start where a function of the program starts, or {@link Functions#MISSING}
     */
    public synchronized void put(int index, int start) {
        rows[Objects.checkIndex(index, rows.length)] = start;
        publish(index);
    }

    /** What programs load from the table at this index; 0 if the row is missing. */
    public long address(int index) {
        return Memory.loadLongVolatile(entry(Objects.checkIndex(index, rows.length)));
    }
}
