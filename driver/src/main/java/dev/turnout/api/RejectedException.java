package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostics;

/**
 * A program that could not be proven safe. The diagnostics say where, what was required, what is known, and the check that would
 * prove it; one for each cause.
 */
public final class RejectedException extends LoadException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    RejectedException(Diagnostics diagnostics) {
        super(diagnostics);
    }
}
