package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;

/** A constant, or a range of them. */
public sealed interface Pattern extends Ast {
    /** One constant. */
    record One(Expr value) implements Pattern {
        @Override
        public Span span() {
            return value.span();
        }
    }

    /** {@code first..=last}, both included. */
    record Range(Expr first, Expr last, Span span) implements Pattern {}
}
