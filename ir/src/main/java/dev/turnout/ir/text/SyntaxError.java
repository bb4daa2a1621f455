package dev.turnout.ir.text;

import dev.turnout.diagnostics.diagnostic.Diagnostic;

/** Carries a diagnostic to the nearest place where reading can go on; never leaves the package. */
final class SyntaxError extends RuntimeException {
    private final transient Diagnostic diagnostic;

    SyntaxError(Diagnostic diagnostic) {
        super(diagnostic.message(), null, false, false);
        this.diagnostic = diagnostic;
    }

    Diagnostic diagnostic() {
        return diagnostic;
    }
}
