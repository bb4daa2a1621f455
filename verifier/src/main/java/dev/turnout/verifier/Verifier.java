package dev.turnout.verifier;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;

/** The door: proves a program or says what could not be proven. Never hangs, never throws at bad programs. */
public final class Verifier {
    private Verifier() {}

    public static Verdict verify(BpfProgram program, Options options) {
        return new Verdict.Rejected(
                List.of(Violation.of(DiagnosticCode.V0134, 0, "the verifier does not analyse this program")), 0);
    }
}
