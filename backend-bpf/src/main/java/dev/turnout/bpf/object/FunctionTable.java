package dev.turnout.bpf.object;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of functions, for indirect calls.
 *
 * @param name unique in the object; its symbol is {@code BPF.<name>}
 * @param rows names of functions in index order; empty for a row that is missing
 * @param candidates names of the functions that a row may ever hold, each once: those of the rows and, if the table is mutable, those
 *     that may be stored later
 * @param mutable whether rows may be replaced while programs run
 * @param nullable whether a row may be missing: one is, or, if the table is mutable, one may come to be
 */
public record FunctionTable(
        String name, List<String> rows, List<String> candidates, boolean mutable, boolean nullable) {
    public FunctionTable {
        rows = List.copyOf(rows);
        candidates = List.copyOf(candidates);
        Set<String> named = present(rows);
        if (!candidates.containsAll(named) || (!mutable && candidates.size() != named.size())) {
            throw new IllegalArgumentException("table " + name + " of " + rows + " has the candidates " + candidates);
        }
        if (rows.contains("") ? !nullable : nullable && !mutable) {
            throw new IllegalArgumentException("table " + name + " of " + rows + ", nullable " + nullable);
        }
    }

    /** A table whose rows stay as they are. */
    public static FunctionTable fixed(String name, List<String> rows) {
        return new FunctionTable(name, rows, List.copyOf(present(rows)), false, rows.contains(""));
    }

    /**
     * A table whose rows can be replaced.
     *
     * @param others functions that may be stored later, besides those of the rows
     * @param nullable whether a row may come to be missing; true if one is
     */
    public static FunctionTable mutable(String name, List<String> rows, List<String> others, boolean nullable) {
        List<String> all = new ArrayList<>(rows);
        all.addAll(others);
        return new FunctionTable(name, rows, List.copyOf(present(all)), true, nullable || rows.contains(""));
    }

    private static Set<String> present(List<String> names) {
        Set<String> present = new LinkedHashSet<>(names);
        present.remove("");
        return present;
    }
}
