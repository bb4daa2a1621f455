package dev.turnout.frontend.ast;

import org.jspecify.annotations.Nullable;

/** How an assignment changes its place. */
public enum AssignOp {
    SET("=", null),
    ADD("+=", BinaryOp.ADD),
    SUB("-=", BinaryOp.SUB),
    MUL("*=", BinaryOp.MUL),
    DIV("/=", BinaryOp.DIV),
    REM("%=", BinaryOp.REM),
    AND("&=", BinaryOp.AND),
    OR("|=", BinaryOp.OR),
    XOR("^=", BinaryOp.XOR),
    SHL("<<=", BinaryOp.SHL),
    SHR(">>=", BinaryOp.SHR);

    private final String text;
    private final @Nullable BinaryOp operation;

    AssignOp(String text, @Nullable BinaryOp operation) {
        this.text = text;
        this.operation = operation;
    }

    /** As it is written. */
    public String text() {
        return text;
    }

    /** What combines the old value with the new one; null for plain {@code =}. */
    public @Nullable BinaryOp operation() {
        return operation;
    }
}
