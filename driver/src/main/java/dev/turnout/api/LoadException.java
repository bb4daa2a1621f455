package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostics;

/**
 * An object that cannot be loaded: something that it needs is not there (a map kind, a helper, the engine asked for), or a
 * setting does not fit it. If it is the proof that fails, it is a {@link RejectedException}.
 */
public sealed class LoadException extends TurnoutException permits RejectedException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    LoadException(Diagnostics diagnostics) {
        super(diagnostics);
    }

    /** As a rejection if the verifier's word is among what was said: all its codes begin with V. */
    static LoadException of(Diagnostics diagnostics) {
        return diagnostics.all().stream().anyMatch(one -> one.code().name().startsWith("V"))
                ? new RejectedException(diagnostics)
                : new LoadException(diagnostics);
    }
}
