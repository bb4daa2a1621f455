package dev.turnout.bpf.lower;

import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import java.util.List;

/**
 * A function in constructs that its target has.
 *
 * @param tables constants that its code reads and that the source did not declare; nobody outside knows their names
 * @param callbacks functions that its loops have become
 */
public record Lowered(Function function, List<Global> tables, List<Function> callbacks) {
    public Lowered {
        tables = List.copyOf(tables);
        callbacks = List.copyOf(callbacks);
    }
}
