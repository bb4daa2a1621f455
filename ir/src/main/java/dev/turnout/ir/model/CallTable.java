package dev.turnout.ir.model;

import java.util.List;

/**
 * A table of functions.
 *
 * @param rows names of functions in index order; empty for a row that is missing
 * @param mutable whether rows may be replaced while programs run
 */
public record CallTable(String name, List<String> rows, boolean mutable) {
    public CallTable {
        rows = List.copyOf(rows);
    }
}
