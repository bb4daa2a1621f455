package dev.turnout.ir.pass;

import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;

/** What a law makes of an operation. */
sealed interface Simpler {
    /** The result is a value that exists already. */
    record Same(Value value) implements Simpler {}

    /** The result is that of another operation, which is simpler or in the form that other laws expect. */
    record Other(Operation operation) implements Simpler {}

    static Simpler number(Type.Int type, long value) {
        return new Other(new Operation.Const(type, value));
    }

    static Simpler same(Value value) {
        return new Same(value);
    }

    static Simpler other(Operation operation) {
        return new Other(operation);
    }
}
