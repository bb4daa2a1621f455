package dev.turnout.api;

import dev.turnout.runtime.engine.RunFault;
import java.util.List;

/** A run that was stopped: it was about to do what was proven impossible, which is a bug of Turnout and not of the program. */
public final class RunException extends TurnoutException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    RunException(RunFault fault) {
        super(List.of(fault.diagnostic()));
        initCause(fault);
    }
}
