package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import java.io.Serial;

/** The command line or an input file is unusable; ends the command with exit code 2. Never leaves this module. */
public final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Diagnostic diagnostic;

    public UsageException(Diagnostic diagnostic) {
        super(diagnostic.message());
        this.diagnostic = diagnostic;
    }

    public Diagnostic diagnostic() {
        return diagnostic;
    }
}
