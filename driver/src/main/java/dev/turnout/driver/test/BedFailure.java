package dev.turnout.driver.test;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import java.util.List;

/** A bed cannot do what a test asks for: a program is not accepted, a run was stopped. Ends the test. */
public final class BedFailure extends RuntimeException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    private final transient List<Diagnostic> reasons;

    BedFailure(List<Diagnostic> reasons) {
        super(reasons.isEmpty() ? "no reason was given" : reasons.getFirst().message(), null, false, false);
        this.reasons = List.copyOf(reasons);
    }

    /** What to tell the user. */
    public List<Diagnostic> reasons() {
        return reasons;
    }
}
