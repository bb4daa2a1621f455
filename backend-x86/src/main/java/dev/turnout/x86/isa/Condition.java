package dev.turnout.x86.isa;

/** A test of the flags, for jcc, setcc and cmovcc. SDM vol. 1, appendix B. Below/above are unsigned, less/greater signed. */
public enum Condition {
    O(0x0),
    NO(0x1),
    B(0x2),
    AE(0x3),
    E(0x4),
    NE(0x5),
    BE(0x6),
    A(0x7),
    S(0x8),
    NS(0x9),
    P(0xa),
    NP(0xb),
    L(0xc),
    GE(0xd),
    LE(0xe),
    G(0xf);

    private static final Condition[] BY_CODE = values();

    private final int code;
    private final String suffix;

    Condition(int code) {
        this.code = code;
        this.suffix = name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Its number, added to the opcode. */
    public int code() {
        return code;
    }

    /** What stands behind {@code j}, {@code set} or {@code cmov}. */
    public String suffix() {
        return suffix;
    }

    public static Condition of(int code) {
        return BY_CODE[code];
    }

    /** True exactly where this is false: conditions come in pairs that differ in the last bit. */
    public Condition negate() {
        return BY_CODE[code ^ 1];
    }

    /** What holds for (b, a) where this holds for (a, b) after a comparison; the symmetric ones are their own. */
    public Condition swap() {
        return switch (this) {
            case B -> A;
            case A -> B;
            case AE -> BE;
            case BE -> AE;
            case L -> G;
            case G -> L;
            case GE -> LE;
            case LE -> GE;
            case E, NE -> this;
            case O, NO, S, NS, P, NP -> throw new IllegalStateException(this + " is no order of two operands");
        };
    }
}
