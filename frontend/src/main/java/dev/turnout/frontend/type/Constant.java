package dev.turnout.frontend.type;

import dev.turnout.ir.model.ByteString;
import java.util.List;

/**
 * A value known while compiling, without its type. What a number means depends on the type it goes with; the arrays and
 * structs nest as their types do.
 */
public sealed interface Constant {
    Number ZERO = new Number(0);

    /**
     * An integer, {@code bool} (0 or 1), enum or {@code beN}.
     *
     * @param bits the value cut to the width of its type, higher bits zero; for a {@code beN} the number it means, as the
     *     host counts (80 for port 80)
     */
    record Number(long bits) implements Constant {}

    /** {@code null} of a nullable type. */
    record Absent() implements Constant {}

    /** The value inside a nullable that is not null. */
    record Present(Constant value) implements Constant {}

    /** An array, element by element. */
    record Elements(List<Constant> values) implements Constant {
        public Elements {
            values = List.copyOf(values);
        }
    }

    /** An array whose {@code count} elements are all alike. */
    record Repeat(Constant value, long count) implements Constant {}

    /** A {@code [N]u8}. */
    record Bytes(ByteString bytes) implements Constant {}

    /** A struct or header, one value a field in declared order. */
    record Fields(List<Constant> values) implements Constant {
        public Fields {
            values = List.copyOf(values);
        }
    }
}
