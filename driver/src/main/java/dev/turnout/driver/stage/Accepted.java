package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.Optional;

/** Stages behind the verifier: there are none of a program that it does not accept. */
final class Accepted {
    private Accepted() {}

    /** The program as it would run; empty if it is rejected, which was reported. */
    static Optional<ExecutableProgram> of(BpfProgram program, SpecializeOptions rewrites, Diagnostics diagnostics) {
        return switch (ProgramVerdict.of(program).verdict()) {
            case Verdict.Verified verified -> Optional.of(Specializer.specialize(verified.program(), rewrites));
            case Verdict.Rejected rejected -> {
                rejected.violations().forEach(violation -> diagnostics.report(violation.diagnostic(program)));
                yield Optional.empty();
            }
        };
    }
}
