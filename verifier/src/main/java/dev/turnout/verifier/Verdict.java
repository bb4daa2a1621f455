package dev.turnout.verifier;

import dev.turnout.verifier.report.Violation;
import java.util.List;

/** What the verifier found. */
public sealed interface Verdict {
    /** Instructions visited to reach the verdict. */
    long steps();

    /** Every obligation of every reachable instruction holds, and the program ends. */
    record Verified(VerifiedProgram program, long steps) implements Verdict {}

    /**
     * Something could not be proven.
     *
     * @param violations in order of their instruction; at least one; one a cause
     */
    record Rejected(List<Violation> violations, long steps) implements Verdict {
        public Rejected {
            violations = List.copyOf(violations);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("a rejection without a reason");
            }
        }
    }
}
