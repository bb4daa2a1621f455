package dev.turnout.api;

import dev.turnout.driver.load.LoadedTable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A function table: which function each row holds. Those of a mutable table can be replaced while programs run, by many threads at
 * once; a call that is under way meanwhile is one of the old function or of the new one, as a whole.
 */
public final class ProgramTable {
    private final LoadedTable table;
    private final Lifetime lifetime;

    ProgramTable(LoadedTable table, Lifetime lifetime) {
        this.table = table;
        this.lifetime = lifetime;
    }

    public String name() {
        return table.name();
    }

    /** How many rows it has; their indices begin with 0. */
    public int size() {
        return rows().size();
    }

    /** Whether rows can be replaced. */
    public boolean mutable() {
        return table.mutable();
    }

    /** Whether rows can be missing. */
    public boolean nullable() {
        return table.nullable();
    }

    /** The functions that a row may hold, by name: what they do was proven for each call through the table. */
    public List<String> candidates() {
        return table.candidates();
    }

    /**
     * The function of a row; empty if it is missing.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public Optional<String> row(int index) {
        List<String> rows = rows();
        return Optional.of(rows.get(Objects.checkIndex(index, rows.size()))).filter(function -> !function.isEmpty());
    }

    /** The functions of all rows at one moment; an empty name where one is missing. */
    public List<String> rows() {
        return lifetime.during(table::rows);
    }

    /**
     * Replaces a row, in all programs of the machine; runs that begin after this returned find the new function.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException if the table is not mutable, or the function is none of its candidates: says which they are
     */
    public void set(int index, String function) {
        lifetime.during(() -> {
            table.set(index, function);
            return function;
        });
    }

    /**
     * Empties a row, in all programs of the machine.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException if the table is not mutable, or its rows may not be missing
     */
    public void clear(int index) {
        lifetime.during(() -> table.clear(index));
    }

    @Override
    public String toString() {
        return name() + "=" + rows();
    }
}
