package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.typed.TypedExpr;
import org.jspecify.annotations.Nullable;

/** Values where a constant is required. */
final class Constants {
    private final Compilation compilation;

    Constants(Compilation compilation) {
        this.compilation = compilation;
    }

    /** The value of an expression while compiling; null if it has none, which is then reported. */
    @Nullable
    Constant of(TypedExpr expr) {
        if (expr.type().poisoned()) {
            return null;
        }
        if (expr instanceof TypedExpr.Value value) {
            return value.value();
        }
        if (compilation.hasErrors()) {
            // A function that it calls may be broken; the first cause has been told.
            return null;
        }
        return switch (Evaluator.evaluate(compilation, expr)) {
            case Evaluator.Outcome.Known known -> known.value();
            case Evaluator.Outcome.Unknown _ when compilation.hasErrors() -> null;
            case Evaluator.Outcome.Unknown unknown -> {
                compilation.report(at(expr.span(), DiagnosticCode.E0321, "this is not known while compiling")
                        .withLabel(unknown.span(), unknown.reason())
                        .withNote("a constant is made of literals, constants and calls of functions that touch no map,"
                                + " global, key, `config` or helper"));
                yield null;
            }
        };
    }
}
