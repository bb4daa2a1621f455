package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Types. */
final class TypeBuilder {
    private final Places places;
    private final ExprBuilder exprs;

    TypeBuilder(Places places, ExprBuilder exprs) {
        this.places = places;
        this.exprs = exprs;
    }

    /** A type that may be absent. */
    @Nullable
    TypeExpr optional(TurnoutParser.@Nullable TypeContext type) {
        return type == null ? null : type(type, places.of(type));
    }

    /** A type that must be there; {@code near} is the place if it is not. */
    TypeExpr type(TurnoutParser.@Nullable TypeContext type, Span near) {
        if (type == null || type.exception != null) {
            return new TypeExpr.Invalid(type == null ? near : places.of(type));
        }
        TypeExpr built = core(type);
        List<TurnoutParser.TypePrefixContext> prefixes = type.typePrefix();
        for (int i = prefixes.size() - 1; i >= 0; i--) {
            TurnoutParser.TypePrefixContext prefix = prefixes.get(i);
            built = prefixed(prefix, built, places.of(prefix).to(built.span()));
        }
        return built;
    }

    private TypeExpr prefixed(TurnoutParser.TypePrefixContext prefix, TypeExpr target, Span span) {
        boolean isConst = prefix.CONST() != null;
        if (prefix.QUESTION() != null) {
            return new TypeExpr.Maybe(target, span);
        }
        if (prefix.STAR() != null) {
            return new TypeExpr.Reference(isConst, target, span);
        }
        if (prefix.OWN() != null) {
            return new TypeExpr.Own(target, span);
        }
        return prefix.expr() != null
                ? new TypeExpr.Array(exprs.expr(prefix.expr(), span), target, span)
                : new TypeExpr.Slice(isConst, target, span);
    }

    private TypeExpr core(TurnoutParser.TypeContext type) {
        if (type.named() != null) {
            return named(type.named());
        }
        return type.fnType() != null ? function(type.fnType()) : new TypeExpr.Invalid(places.of(type));
    }

    private TypeExpr named(TurnoutParser.NamedContext named) {
        Span span = places.of(named);
        Path path = places.path(named.path());
        if (path == null) {
            return new TypeExpr.Invalid(span);
        }
        return new TypeExpr.Named(path, types(named.type(), span), exprs.optional(named.expr()), span);
    }

    private TypeExpr function(TurnoutParser.FnTypeContext fn) {
        Span span = places.of(fn);
        List<TurnoutParser.TypeContext> all = fn.type();
        boolean hasResult = fn.ARROW() != null && !all.isEmpty();
        List<TurnoutParser.TypeContext> params = hasResult ? all.subList(0, all.size() - 1) : all;
        return new TypeExpr.Function(types(params, span), hasResult ? type(all.getLast(), span) : null, span);
    }

    private List<TypeExpr> types(List<TurnoutParser.TypeContext> types, Span near) {
        if (types.isEmpty()) {
            return List.of();
        }
        List<TypeExpr> built = new ArrayList<>(types.size());
        for (TurnoutParser.TypeContext type : types) {
            built.add(type(type, near));
        }
        return built;
    }
}
