package dev.turnout.verifier;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.cfg.Structure;
import dev.turnout.verifier.fixpoint.Analysis;
import dev.turnout.verifier.report.Violation;
import java.util.List;

/** The door: proves a program or says what could not be proven. Never hangs, never throws at bad programs. */
public final class Verifier {
    private Verifier() {}

    public static Verdict verify(BpfProgram program, Options options) {
        List<Violation> broken = Structure.check(program, options);
        if (!broken.isEmpty()) {
            return new Verdict.Rejected(broken, 0);
        }
        Analysis.Outcome outcome = Analysis.of(program, options);
        if (!outcome.violations().isEmpty()) {
            return new Verdict.Rejected(outcome.violations(), outcome.steps());
        }
        return new Verdict.Verified(
                new VerifiedProgram(program, new Invariants(outcome.rows(), outcome.loads(), outcome.ways())),
                outcome.steps());
    }
}
