package dev.turnout.frontend.lower;

import dev.turnout.ir.model.Value;

/** What an expression gave, in the form that {@link Shape} says. */
sealed interface Operand {
    /** Nothing, of type {@code void}. */
    record Nothing() implements Operand {
        static final Nothing NOTHING = new Nothing();
    }

    /** One value. */
    record Scalar(Value value) implements Operand {}

    /**
     * A nullable number.
     *
     * @param value the number; anything if there is none
     * @param present an i1
     */
    record Pair(Value value, Value present) implements Operand {}

    /**
     * Memory that holds the value now. Whoever gets it reads it before anything else is evaluated: the memory may belong to
     * a variable.
     */
    record InMemory(Address address) implements Operand {}

    /** The value of a scalar. */
    default Value value() {
        if (this instanceof Scalar(Value value)) {
            return value;
        }
        throw new IllegalStateException("not a scalar: " + this);
    }

    /** The place of what lives in memory. */
    default Address address() {
        if (this instanceof InMemory(Address address)) {
            return address;
        }
        throw new IllegalStateException("not in memory: " + this);
    }
}
