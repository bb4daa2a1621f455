package dev.turnout.ir.model;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Where control may go next, with what the block's parameters become.
 *
 * @param arguments one a parameter (see {@link Terminator.Checked} for the one exception), same types, same order
 */
public record Target(Label block, List<Value> arguments) {
    public Target {
        arguments = List.copyOf(arguments);
    }

    public static Target to(Label block, Value... arguments) {
        return new Target(block, List.of(arguments));
    }

    public Target map(UnaryOperator<Value> to) {
        return new Target(block, arguments.stream().map(to).toList());
    }

    /** The same arguments, another block. */
    public Target retargeted(Label other) {
        return new Target(other, arguments);
    }
}
