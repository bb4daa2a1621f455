package dev.turnout.frontend.ast;

/** Operators between two operands, from the tightest to the weakest. */
public enum BinaryOp {
    MUL("*", 10),
    DIV("/", 10),
    REM("%", 10),
    ADD("+", 9),
    SUB("-", 9),
    SHL("<<", 8),
    SHR(">>", 8),
    AND("&", 7),
    XOR("^", 6),
    OR("|", 5),
    EQ("==", 4),
    NE("!=", 4),
    LT("<", 4),
    LE("<=", 4),
    GT(">", 4),
    GE(">=", 4),
    LOGICAL_AND("&&", 3),
    LOGICAL_OR("||", 2),
    /** The left one, or the right one if that is null. */
    ORELSE("orelse", 1);

    private final String text;
    private final int precedence;

    BinaryOp(String text, int precedence) {
        this.text = text;
        this.precedence = precedence;
    }

    /** As it is written. */
    public String text() {
        return text;
    }

    /** How tight it binds, from 1 ({@code orelse}); all operators group to the left. */
    public int precedence() {
        return precedence;
    }

    /** Whether this compares: {@code == != < <= > >=}. */
    public boolean isComparison() {
        return compareTo(EQ) >= 0 && compareTo(GE) <= 0;
    }
}
