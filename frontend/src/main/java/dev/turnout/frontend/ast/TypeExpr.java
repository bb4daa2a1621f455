package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type as it is written. */
public sealed interface TypeExpr extends Ast {
    /**
     * {@code u32}, {@code hash<K, V>(4096)}, {@code net::Eth}.
     *
     * @param arguments empty if there are no angle brackets
     * @param size the number of entries, in the parentheses of a map type
     */
    record Named(
            Path path, List<TypeExpr> arguments, @Nullable Expr size, Span span) implements TypeExpr {
        public Named {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code ?T}: null or a {@code T}. */
    record Maybe(TypeExpr target, Span span) implements TypeExpr {}

    /** {@code *T} or {@code *const T}: never null. */
    record Reference(boolean isConst, TypeExpr target, Span span) implements TypeExpr {}

    /** {@code own T}: must reach its release exactly once. */
    record Own(TypeExpr target, Span span) implements TypeExpr {}

    /** {@code [16]u8}; the length may also name an enum or a constant. */
    record Array(Expr length, TypeExpr element, Span span) implements TypeExpr {}

    /** {@code []const T}: a table with its length. */
    record Slice(boolean isConst, TypeExpr element, Span span) implements TypeExpr {}

    /**
     * {@code fn(A, B) -> R}.
     *
     * @param result absent: {@code void}
     */
    record Function(List<TypeExpr> params, @Nullable TypeExpr result, Span span) implements TypeExpr {
        public Function {
            params = List.copyOf(params);
        }
    }

    /** Something that is no type, and has been reported. */
    record Invalid(Span span) implements TypeExpr {}
}
