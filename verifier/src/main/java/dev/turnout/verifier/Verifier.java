package dev.turnout.verifier;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.cfg.Structure;
import dev.turnout.verifier.fixpoint.Analysis;
import dev.turnout.verifier.invariant.InvariantTable;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.walk.Walk;
import java.util.List;

/** The door: proves a program or says what could not be proven. Never hangs, never throws at bad programs. */
public final class Verifier {
    private Verifier() {}

    public static Verdict verify(BpfProgram program, Options options) {
        List<Violation> broken = Structure.check(program, options);
        if (!broken.isEmpty()) {
            return new Verdict.Rejected(broken, 0);
        }
        Analysis.Outcome proof = Analysis.of(program, options);
        return proof.proves() ? verified(program, proof.table(), proof.steps()) : walked(program, options, proof);
    }

    /** What the walk says where the fixpoint has not proven everything. */
    private static Verdict walked(BpfProgram program, Options options, Analysis.Outcome proof) {
        Walk.Outcome walk = Walk.of(program, options);
        long steps = proof.steps() + walk.steps();
        return switch (walk) {
            case Walk.Outcome.Proven proven -> verified(program, proven.table(), steps);
            case Walk.Outcome.Broken broken -> new Verdict.Rejected(List.of(broken.violation()), steps);
            case Walk.Outcome.Exhausted _ ->
                new Verdict.Rejected(proof.violations().isEmpty() ? List.of(undecided()) : proof.violations(), steps);
        };
    }

    private static Violation undecided() {
        return Violation.of(DiagnosticCode.V0109, 0, "the program has too many paths to decide")
                .note("what it holds depends on the way that control came, so its paths were followed one by one")
                .help("take and give back what must be given back in one place, or split the program");
    }

    /** The walk's verdict alone, for tests: both engines are held to the same. */
    static Verdict walked(BpfProgram program, Options options) {
        List<Violation> broken = Structure.check(program, options);
        return broken.isEmpty()
                ? walked(program, options, new Analysis.Outcome(List.of(), true, new InvariantTable(program), 0))
                : new Verdict.Rejected(broken, 0);
    }

    private static Verdict verified(BpfProgram program, InvariantTable table, long steps) {
        return new Verdict.Verified(
                new VerifiedProgram(program, new Invariants(table.rows(), table.loads(), table.ways())), steps);
    }
}
