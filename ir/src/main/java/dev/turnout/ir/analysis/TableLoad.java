package dev.turnout.ir.analysis;

import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A load of a row of a table of functions.
 *
 * @param offset bytes from the start of the table, as far as they are constant
 * @param moved what else is added to the address, in bytes; empty if the row is constant
 */
public record TableLoad(CallTable table, long offset, List<Value> moved) {
    public TableLoad {
        moved = List.copyOf(moved);
    }

    /**
     * What an operation loads; null if it is no load of a function, or of none of the tables.
     *
     * @param definition what computes a value; null for parameters
     */
    public static @Nullable TableLoad of(
            Operation op, Function<Value, @Nullable Operation> definition, Map<String, CallTable> tables) {
        if (!(op instanceof Operation.Load load) || !isFunction(load.type())) {
            return null;
        }
        long at = load.offset();
        List<Value> moved = new ArrayList<>();
        Operation base = definition.apply(load.address());
        while (base instanceof Operation.Offset offset) {
            if (definition.apply(offset.index()) instanceof Operation.Const constant) {
                at += constant.value();
            } else {
                moved.add(offset.index());
            }
            base = definition.apply(offset.base());
        }
        CallTable table = base instanceof Operation.Address address && address.region() == Region.GLOBAL
                ? tables.get(address.name())
                : null;
        return table == null ? null : new TableLoad(table, at, moved);
    }

    /** Whether values of a type are addresses of functions. */
    public static boolean isFunction(Type type) {
        return type instanceof Type.Ptr pointer && pointer.region() == Region.FUNCTION;
    }

    /** The row, if it is constant and there is one; else -1. */
    public int row() {
        boolean constant = moved.isEmpty() && offset >= 0 && offset % CallTable.ROW == 0;
        return constant && offset / CallTable.ROW < table.rows().size() ? (int) (offset / CallTable.ROW) : -1;
    }
}
