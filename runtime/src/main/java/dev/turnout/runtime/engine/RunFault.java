package dev.turnout.runtime.engine;

import dev.turnout.diagnostics.diagnostic.Diagnostic;

/**
 * A run that was stopped. With code R0110 it took longer than the caller allowed; with R0101 it was about to do what the
 * verifier had proven that it never does, which is our bug and not the program's.
 */
public final class RunFault extends RuntimeException {
    private final transient Diagnostic diagnostic;

    public RunFault(Diagnostic diagnostic) {
        super(diagnostic.message() + " " + diagnostic.notes());
        this.diagnostic = diagnostic;
    }

    public Diagnostic diagnostic() {
        return diagnostic;
    }
}
