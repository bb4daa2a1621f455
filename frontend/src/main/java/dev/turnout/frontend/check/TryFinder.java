package dev.turnout.frontend.check;

import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedWalk;
import org.jspecify.annotations.Nullable;

/** Looks for the first {@code ?} in an expression. */
final class TryFinder extends TypedWalk {
    private TypedExpr.@Nullable Try found;

    private TryFinder() {}

    /** The first {@code ?}; null if there is none. */
    static TypedExpr.@Nullable Try in(TypedExpr expr) {
        TryFinder finder = new TryFinder();
        finder.expression(expr);
        return finder.found;
    }

    @Override
    public void expression(TypedExpr expr) {
        super.expression(expr);
        if (found == null && expr instanceof TypedExpr.Try one) {
            found = one;
        }
    }
}
