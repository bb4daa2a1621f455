package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostics;

/** A text that is no right program, or bytes that are no object. */
public final class CompileException extends TurnoutException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    CompileException(Diagnostics diagnostics) {
        super(diagnostics);
    }
}
