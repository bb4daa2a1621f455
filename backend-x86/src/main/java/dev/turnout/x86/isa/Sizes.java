package dev.turnout.x86.isa;

/** Which operand sizes an encoding has and how it says them. */
public enum Sizes {
    /** All four; the opcode of the row is odd, the byte form's is one less. 16 bits by prefix 66, 64 by REX.W. */
    ALL,
    /** 16 bits by prefix 66, 32, and 64 by REX.W. */
    WIDE,
    /** 16 bits by prefix 66, and 32. */
    WORD_DWORD,
    /** 32, and 64 by REX.W or VEX.W. */
    DWORD_QWORD,
    /** 64 by REX.W. */
    QWORD,
    /** 64 without REX.W: stack and indirect branches. */
    DEFAULT_QWORD,
    /** 8 bits, and nothing says so. */
    BYTE,
    /** No operand that has a size. */
    NONE;

    public boolean has(OperandSize size) {
        return switch (this) {
            case ALL -> true;
            case WIDE -> size != OperandSize.BYTE;
            case WORD_DWORD -> size == OperandSize.WORD || size == OperandSize.DWORD;
            case DWORD_QWORD -> size == OperandSize.DWORD || size == OperandSize.QWORD;
            case QWORD, DEFAULT_QWORD -> size == OperandSize.QWORD;
            case BYTE -> size == OperandSize.BYTE;
            case NONE -> false;
        };
    }
}
