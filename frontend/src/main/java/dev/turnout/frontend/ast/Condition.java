package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;

/** What stands in the parentheses of {@code if} and {@code while}. */
public sealed interface Condition extends Ast {
    /** A boolean. */
    record Test(Expr test) implements Condition {
        @Override
        public Span span() {
            return test.span();
        }
    }

    /** {@code let x = nullable}: holds if the value is not null, which then has the name {@code x}. */
    record Present(Name name, Expr value, Span span) implements Condition {}
}
