package dev.turnout.x86.isa;

/** A general register, in the order of its number in encodings. SDM vol. 1, 3.4.1.1. */
public enum Gpr {
    RAX(0, "al", "ax", "eax", "rax"),
    RCX(1, "cl", "cx", "ecx", "rcx"),
    RDX(2, "dl", "dx", "edx", "rdx"),
    RBX(3, "bl", "bx", "ebx", "rbx"),
    RSP(4, "spl", "sp", "esp", "rsp"),
    RBP(5, "bpl", "bp", "ebp", "rbp"),
    RSI(6, "sil", "si", "esi", "rsi"),
    RDI(7, "dil", "di", "edi", "rdi"),
    R8(8, "r8b", "r8w", "r8d", "r8"),
    R9(9, "r9b", "r9w", "r9d", "r9"),
    R10(10, "r10b", "r10w", "r10d", "r10"),
    R11(11, "r11b", "r11w", "r11d", "r11"),
    R12(12, "r12b", "r12w", "r12d", "r12"),
    R13(13, "r13b", "r13w", "r13d", "r13"),
    R14(14, "r14b", "r14w", "r14d", "r14"),
    R15(15, "r15b", "r15w", "r15d", "r15");

    private static final Gpr[] BY_CODE = values();

    private final int code;
    private final String byteName;
    private final String wordName;
    private final String dwordName;
    private final String qwordName;

    Gpr(int code, String byteName, String wordName, String dwordName, String qwordName) {
        this.code = code;
        this.byteName = byteName;
        this.wordName = wordName;
        this.dwordName = dwordName;
        this.qwordName = qwordName;
    }

    /** Its number, 0 to 15: three bits in ModRM or SIB, the fourth in a prefix. */
    public int code() {
        return code;
    }

    public static Gpr of(int code) {
        return BY_CODE[code];
    }

    /** What its low {@code size} bytes are called. The old high bytes (ah …) have no name here: no encoding of ours says them. */
    public String name(OperandSize size) {
        return switch (size) {
            case BYTE -> byteName;
            case WORD -> wordName;
            case DWORD -> dwordName;
            case QWORD -> qwordName;
        };
    }
}
