package dev.turnout.tests.golden;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.verifier.Verdict;

/** {@code //! verdict [program] [target=T]}: what the verifier says, with its messages where it rejects. */
final class VerdictText {
    private VerdictText() {}

    static String of(Subject subject, Section section) {
        StringBuilder text = new StringBuilder();
        for (BpfProgram program : subject.stages(section).programs(section.words())) {
            text.append(program.name()).append(": ").append(of(program)).append('\n');
        }
        return text.isEmpty() ? "no program " + section.words() : text.toString();
    }

    static String of(BpfProgram program) {
        return switch (ProgramVerdict.of(program).verdict()) {
            case Verdict.Verified _ -> "accepted";
            case Verdict.Rejected rejected -> {
                Diagnostics diagnostics = new Diagnostics();
                rejected.violations().forEach(one -> diagnostics.report(one.diagnostic(program)));
                yield "rejected\n" + new TerminalRenderer(false).render(diagnostics);
            }
        };
    }
}
