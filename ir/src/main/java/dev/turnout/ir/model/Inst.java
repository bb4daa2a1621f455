package dev.turnout.ir.model;

/**
 * An instruction: a value bound to the operation that computes it.
 *
 * @param result what is defined; of type {@link Type.Void} where there is nothing to define (its number is still its own)
 * @param op what is done
 * @param at where it came from
 */
public record Inst(Value result, Operation op, Location at) {
    public Inst {
        if (!result.type().equals(op.type())) {
            throw new IllegalArgumentException(result + " is " + result.type() + ", " + op + " gives " + op.type());
        }
    }
}
