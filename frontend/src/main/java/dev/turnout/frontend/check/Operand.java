package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.model.ByteString;
import java.math.BigInteger;

/** A checked expression before it meets the type at which it is used. */
sealed interface Operand {
    Span span();

    /** A value that has a type. */
    record Value(TypedExpr expr) implements Operand {
        @Override
        public Span span() {
            return expr.span();
        }
    }

    /** Something that can be read, perhaps written and referred to. */
    record Located(Place place, Access access) implements Operand {
        @Override
        public Span span() {
            return place.span();
        }
    }

    /** A number that takes the type at which it is used. */
    record Exact(BigInteger value, boolean complement, Span span) implements Operand {}

    /** A string literal: {@code [N]u8}, zero-padded where a longer one is wanted. */
    record Text(ByteString bytes, Span span) implements Operand {}

    /** {@code null}. */
    record Null(Span span) implements Operand {}

    /** A name that is not a value by itself: a type, a map, a key, a function. */
    record Named(Entity entity, String name, Span span) implements Operand {}

    /** Already reported. */
    record Poison(Span span) implements Operand {}
}
