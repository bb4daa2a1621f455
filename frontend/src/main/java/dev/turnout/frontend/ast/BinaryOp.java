package dev.turnout.frontend.ast;

/** Operators between two operands, from the tightest to the weakest. */
public enum BinaryOp {
    MUL("*"),
    DIV("/"),
    REM("%"),
    ADD("+"),
    SUB("-"),
    SHL("<<"),
    SHR(">>"),
    AND("&"),
    XOR("^"),
    OR("|"),
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    LOGICAL_AND("&&"),
    LOGICAL_OR("||"),
    /** The left one, or the right one if that is null. */
    ORELSE("orelse");

    private final String text;

    BinaryOp(String text) {
        this.text = text;
    }

    /** As it is written. */
    public String text() {
        return text;
    }

    /** Whether this compares: {@code == != < <= > >=}. */
    public boolean isComparison() {
        return compareTo(EQ) >= 0 && compareTo(GE) <= 0;
    }
}
