package dev.turnout.ir.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of functions. It is read like memory in {@link Region#GLOBAL}: a row is the 8 bytes of a function's address, or null.
 *
 * @param rows names of functions in index order; empty for a row that is missing
 * @param candidates every function that a row may ever hold, each once: those of the rows and, if the table is mutable, those
 *     that may be stored later
 * @param mutable whether rows may be replaced while programs run
 * @param nullable whether a row may be missing: one is, or one may come to be
 * @param indirect whether it is demanded that calls through it are indirect, even where the row is known. Those through a mutable
 *     table always are, where the target has them
 */
public record CallTable(
        String name, List<String> rows, List<String> candidates, boolean mutable, boolean nullable, boolean indirect) {
    /** Bytes of a row. */
    public static final int ROW = 8;

    public CallTable {
        rows = List.copyOf(rows);
        Set<String> all = new LinkedHashSet<>(rows);
        nullable |= all.remove("");
        if (mutable) {
            all.addAll(candidates);
        }
        candidates = List.copyOf(new ArrayList<>(all));
    }

    /** A table whose rows stay as they are. */
    public static CallTable fixed(String name, List<String> rows, boolean indirect) {
        return new CallTable(name, rows, List.of(), false, false, indirect);
    }

    /** A table whose rows may be replaced by the functions that they name and by {@code others}. */
    public static CallTable mutable(
            String name, List<String> rows, List<String> others, boolean nullable, boolean indirect) {
        return new CallTable(name, rows, others, true, nullable, indirect);
    }
}
