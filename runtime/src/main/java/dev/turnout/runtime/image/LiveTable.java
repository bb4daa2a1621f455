package dev.turnout.runtime.image;

import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.runtime.map.FunctionArrayMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A function table of a loaded object: which function each row holds, by name, for all programs of the object. Each program has a copy
 * of the functions, so each has a table of addresses of its own; this is what they have in common. A program that comes later finds
 * the rows as they are then.
 *
 * <p>Safe for many threads. A row changes in one program after the other, in each by one store: a call that is under way takes the old
 * function or the new one, a run that begins after a change has returned takes the new one. What the old one is made of stays, because
 * all candidates are parts of the program.
 */
public final class LiveTable {
    private final String name;
    private final boolean mutable;
    private final boolean nullable;
    private final List<String> candidates;
    /** Empty where a function is missing. */
    private final String[] rows;

    private final List<Bound> bound = new ArrayList<>();

    /** The table of one program, and where its functions start, by name. */
    private record Bound(FunctionArrayMap map, Map<String, Integer> starts) {
        void put(int row, String function) {
            map.put(row, starts.getOrDefault(function, Functions.MISSING));
        }
    }

    /**
     * The table as its first program brings it.
     *
     * @param rows names, empty where a function is missing
     * @param candidates names
     */
    LiveTable(String name, Functions definition, List<String> rows, List<String> candidates) {
        this.name = name;
        this.mutable = definition.mutable();
        this.nullable = definition.nullable();
        this.candidates = List.copyOf(candidates);
        this.rows = rows.toArray(String[]::new);
    }

    /** Whether a program's table can be this one: of the same shape, and with the same candidates if they matter later. */
    boolean fits(Functions definition, List<String> theirs) {
        return definition.rows().size() == rows.length
                && definition.mutable() == mutable
                && definition.nullable() == nullable
                && (!mutable || theirs.equals(candidates));
    }

    /** Adds a program's table, and gives it the rows of this one if they may have changed. */
    synchronized void bind(FunctionArrayMap map, List<String> names, List<Integer> starts) {
        Map<String, Integer> byName = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), starts.get(i));
        }
        Bound one = new Bound(map, byName);
        bound.add(one);
        for (int row = 0; mutable && row < rows.length; row++) {
            one.put(row, rows[row]);
        }
    }

    /** Forgets a program's table, before it is freed. */
    synchronized void unbind(FunctionArrayMap map) {
        bound.removeIf(one -> one.map == map);
    }

    public String name() {
        return name;
    }

    /** Whether rows can be replaced. */
    public boolean mutable() {
        return mutable;
    }

    /** Whether a row can be missing. */
    public boolean nullable() {
        return nullable;
    }

    /** Functions that a row may hold, by name. */
    public List<String> candidates() {
        return candidates;
    }

    /** How many rows there are. */
    public int size() {
        return rows.length;
    }

    /** The function of a row; empty if it is missing. */
    public synchronized Optional<String> row(int index) {
        String function = rows[Objects.checkIndex(index, rows.length)];
        return function.isEmpty() ? Optional.empty() : Optional.of(function);
    }

    /** The functions of all rows at one moment, empty where one is missing. */
    public synchronized List<String> rows() {
        return List.copyOf(Arrays.asList(rows));
    }

    /**
     * Replaces a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException if the table is not mutable, or the function is none of its candidates
     */
    public void set(int index, String function) {
        if (!candidates.contains(function)) {
            throw new IllegalArgumentException(
                    "`" + function + "` is no candidate of table `" + name + "`: these are " + candidates);
        }
        replace(index, function);
    }

    /**
     * Empties a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException if the table is not mutable, or its rows may not be missing
     */
    public void clear(int index) {
        if (!nullable) {
            throw new IllegalArgumentException("rows of table `" + name + "` may not be missing");
        }
        replace(index, "");
    }

    private synchronized void replace(int index, String function) {
        if (!mutable) {
            throw new IllegalArgumentException("table `" + name + "` is not mutable");
        }
        rows[Objects.checkIndex(index, rows.length)] = function;
        for (Bound one : bound) {
            one.put(index, function);
        }
    }

    @Override
    public String toString() {
        return "table " + name;
    }
}
