package dev.turnout.x86.isa;

/** What is laid behind the operands: the manual's {@code ib}, {@code id}, {@code io}, {@code cb}, {@code cd}. */
public enum Immediate {
    NONE,
    /** {@code ib}: one byte, extended with its sign to the operand's size where the operand is wider. */
    IB,
    /** {@code id}: as wide as the operand, but at most 32 bits, extended with its sign to 64. */
    ID,
    /** {@code io}: 64 bits. */
    IO,
    /** {@code cb}: a distance of 8 bits. */
    CB,
    /** {@code cd}: a distance of 32 bits. */
    CD
}
