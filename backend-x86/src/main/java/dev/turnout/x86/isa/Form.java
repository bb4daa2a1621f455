package dev.turnout.x86.isa;

/**
 * Where the operands lie: the column "Op/En" of the manual. {@code M} is a register or memory place in ModRM.rm, {@code R} a
 * register in ModRM.reg, {@code V} a register in VEX.vvvv, {@code I} an immediate, {@code O} a register in the opcode, {@code C}
 * the register cl, {@code A} the accumulator. The order is that of the text: destination first.
 */
public enum Form {
    MR,
    RM,
    MI,
    /** Shift by one. */
    M1,
    /** Shift by cl. */
    MC,
    M,
    O,
    OI,
    /** Accumulator and immediate. */
    AI,
    I,
    RMI,
    MRI,
    MRC,
    RVM,
    RMV,
    VM,
    /** A distance from the end of the instruction. */
    D,
    /** No operand in the encoding. */
    ZO
}
