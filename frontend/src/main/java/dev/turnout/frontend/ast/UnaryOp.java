package dev.turnout.frontend.ast;

/** Operators before one operand. */
public enum UnaryOp {
    NEG("-"),
    NOT("!"),
    COMPLEMENT("~"),
    DEREF("*"),
    ADDRESS("&");

    private final String text;

    UnaryOp(String text) {
        this.text = text;
    }

    /** As it is written. */
    public String text() {
        return text;
    }
}
