package dev.turnout.bpf.isa;

/**
 * What arithmetic is done on: numbers, or sets of numbers. A row of the instruction table states its meaning over this, so
 * that the interpreter and the verifier read one definition.
 *
 * <p>Operands of a 32-bit operation are the whole registers; the operation looks at the lower half only and gives a result
 * whose upper half is zero. Division by zero gives zero, the remainder by zero is the dividend, counts of shifts are taken
 * modulo the width, the signed minimum divided by -1 is itself (RFC 9669, section 4.1).
 *
 * @param <V> a 64-bit register's content, or what is known of it
 */
public interface Algebra<V> {
    V constant(long value);

    V add(Width width, V a, V b);

    V subtract(Width width, V a, V b);

    V multiply(Width width, V a, V b);

    V divideUnsigned(Width width, V a, V b);

    V divideSigned(Width width, V a, V b);

    V remainderUnsigned(Width width, V a, V b);

    V remainderSigned(Width width, V a, V b);

    V and(Width width, V a, V b);

    V or(Width width, V a, V b);

    V xor(Width width, V a, V b);

    V shiftLeft(Width width, V a, V count);

    V shiftRightLogical(Width width, V a, V count);

    V shiftRightArithmetic(Width width, V a, V count);

    V negate(Width width, V a);

    /** The lower {@code bits} of {@code a} with their sign, as a number of {@code width}. */
    V signExtend(Width width, V a, int bits);

    /** The lower {@code bits} of {@code a}, zeros above. */
    V zeroExtend(V a, int bits);

    /** The lower {@code bits} (16, 32 or 64) of {@code a} with their bytes reversed, zeros above. */
    V reverseBytes(V a, int bits);
}
