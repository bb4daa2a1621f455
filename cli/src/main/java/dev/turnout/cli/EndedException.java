package dev.turnout.cli;

import java.io.Serial;

/** The command is over, and why has been said. Never leaves this module. */
public final class EndedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final ExitCode code;

    public EndedException(ExitCode code) {
        super(code.name(), null, false, false);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
