package dev.turnout.bpf.object;

import java.util.List;

/**
 * A table of functions, for indirect calls.
 *
 * @param name unique in the object; its symbol is {@code BPF.<name>}
 * @param rows names of functions in index order; empty for a row that is missing
 * @param mutable whether rows may be replaced while programs run
 */
public record FunctionTable(String name, List<String> rows, boolean mutable) {
    public FunctionTable {
        rows = List.copyOf(rows);
    }
}
