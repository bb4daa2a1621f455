package dev.turnout.tests.verdicts;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelVerdict;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.util.List;
import java.util.Optional;

/** Both sides, as words: {@code accepted}, or our code, or the kernel's last line. */
final class Verdicts {
    static final String ACCEPTED = "accepted";

    private Verdicts() {}

    /** Whether this user may ask the kernel. */
    static boolean kernelAnswers() {
        return KernelObject.permitted(new Diagnostics());
    }

    /** Our prediction of the kernel's verdict. */
    static String ours(BpfProgram program) {
        return switch (Verifier.verify(program, Options.kernel())) {
            case Verdict.Verified _ -> ACCEPTED;
            case Verdict.Rejected rejected ->
                rejected.violations().getFirst().code().name();
        };
    }

    /** The kernel's verdict; empty if its verifier was not asked, because something that the program needs is not there. */
    static Optional<String> kernel(BpfProgram program) {
        try (KernelObject object = new KernelObject()) {
            Optional<KernelVerdict> verdict = object.judge(program, new Diagnostics());
            return verdict.flatMap(one -> switch (one) {
                case KernelVerdict.Accepted _ -> Optional.of(ACCEPTED);
                case KernelVerdict.Refused(int _, String log) -> lastLine(log);
            });
        }
    }

    private static Optional<String> lastLine(String log) {
        List<String> lines = log.lines()
                .filter(line -> !line.isBlank()
                        && !line.startsWith("processed ")
                        && !line.startsWith("verification time")
                        && !line.startsWith("stack depth"))
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast().strip());
    }
}
