package dev.turnout.bpf.isa;

/** A condition on two operands. RFC 9669, section 4.3. */
public enum JumpOp {
    JEQ(0x10, "=="),
    JGT(0x20, ">"),
    JGE(0x30, ">="),
    /** Some bit is set in both. */
    JSET(0x40, "&"),
    JNE(0x50, "!="),
    JSGT(0x60, "s>"),
    JSGE(0x70, "s>="),
    JLT(0xa0, "<"),
    JLE(0xb0, "<="),
    JSLT(0xc0, "s<"),
    JSLE(0xd0, "s<=");

    private final int code;
    private final String symbol;

    JumpOp(int code, String symbol) {
        this.code = code;
        this.symbol = symbol;
    }

    /** Whether the branch is taken, for whole registers (or a sign-extended immediate as {@code b}). */
    public boolean test(Width width, long a, long b) {
        long ua = width == Width.W32 ? a & 0xffff_ffffL : a;
        long ub = width == Width.W32 ? b & 0xffff_ffffL : b;
        long sa = width == Width.W32 ? (int) a : a;
        long sb = width == Width.W32 ? (int) b : b;
        return switch (this) {
            case JEQ -> ua == ub;
            case JNE -> ua != ub;
            case JGT -> Long.compareUnsigned(ua, ub) > 0;
            case JGE -> Long.compareUnsigned(ua, ub) >= 0;
            case JLT -> Long.compareUnsigned(ua, ub) < 0;
            case JLE -> Long.compareUnsigned(ua, ub) <= 0;
            case JSET -> (ua & ub) != 0;
            case JSGT -> sa > sb;
            case JSGE -> sa >= sb;
            case JSLT -> sa < sb;
            case JSLE -> sa <= sb;
        };
    }

    /** The upper four bits of the opcode, in place. */
    public int code() {
        return code;
    }

    /** How it is written between its operands. */
    public String symbol() {
        return symbol;
    }

    /** The condition that holds of (b, a) exactly when this one holds of (a, b). */
    public JumpOp swapped() {
        return switch (this) {
            case JEQ, JNE, JSET -> this;
            case JGT -> JLT;
            case JGE -> JLE;
            case JLT -> JGT;
            case JLE -> JGE;
            case JSGT -> JSLT;
            case JSGE -> JSLE;
            case JSLT -> JSGT;
            case JSLE -> JSGE;
        };
    }

    /** Whether there is a condition that holds exactly when this one does not: JSET has none. */
    public boolean hasNegation() {
        return this != JSET;
    }

    /** The condition that holds exactly when this one does not; not for JSET. */
    public JumpOp negated() {
        return switch (this) {
            case JEQ -> JNE;
            case JNE -> JEQ;
            case JGT -> JLE;
            case JGE -> JLT;
            case JLT -> JGE;
            case JLE -> JGT;
            case JSGT -> JSLE;
            case JSGE -> JSLT;
            case JSLT -> JSGE;
            case JSLE -> JSGT;
            case JSET -> throw new IllegalStateException("JSET has no negation");
        };
    }
}
