package dev.turnout.frontend.typed;

/** What {@code if} and {@code while} decide by. */
public sealed interface Condition {
    /** A {@code bool}. */
    record Test(TypedExpr value) implements Condition {}

    /**
     * {@code let local = nullable}: holds if there is something; then {@code local} is it, in the first block only.
     *
     * @param nullable of type {@code ?T}, where {@code local} has {@code T}
     */
    record Binding(Symbol.Local local, TypedExpr nullable) implements Condition {}
}
