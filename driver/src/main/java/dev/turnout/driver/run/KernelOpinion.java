package dev.turnout.driver.run;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelVerdict;
import dev.turnout.linux.report.Complaint;
import dev.turnout.linux.report.KernelErrors;
import java.util.Optional;

/**
 * What the running kernel says of a program that it was asked to load. The time is what passed until it answered: of a program that is
 * refused, twice what the verdict takes, for the second time it writes a log.
 */
public sealed interface KernelOpinion {
    /** Nanoseconds until the answer. */
    long nanos();

    /**
     * It would run it.
     *
     * @param steps instructions that its verifier looked at
     */
    record Accepted(int steps, long nanos) implements KernelOpinion {}

    /**
     * It does not load it.
     *
     * @param error name of the error; empty if the kernel was not asked, since it lacks something or refused a map
     * @param complaint what its log ends with
     * @param log all that its verifier wrote; may be empty
     * @param why in our words
     */
    record Rejected(Optional<String> error, Complaint complaint, String log, Diagnostic why, long nanos)
            implements KernelOpinion {
        /** The reason in a line: the kernel's words, or ours if it has none. */
        public String message() {
            return complaint.message().isEmpty() ? why.message() : complaint.message();
        }
    }

    /**
     * Asks it. What is loaded stays in {@code kernel}, until that is closed, so that programs share maps as they do at a loader.
     *
     * @return empty if this user may not load such programs, which was reported
     */
    static Optional<KernelOpinion> of(KernelObject kernel, BpfProgram program, Diagnostics diagnostics) {
        Diagnostics said = new Diagnostics();
        long start = System.nanoTime();
        Optional<KernelVerdict> verdict = kernel.judge(program, said);
        long nanos = System.nanoTime() - start;
        if (verdict.isPresent()) {
            said.all().forEach(diagnostics::report);
            return Optional.of(of(program, verdict.get(), nanos));
        }
        Diagnostic why = said.all().getLast();
        if (KernelErrors.isOfRights(why)) {
            diagnostics.report(why);
            return Optional.empty();
        }
        return Optional.of(new Rejected(Optional.empty(), Complaint.of(program, ""), "", why, nanos));
    }

    private static KernelOpinion of(BpfProgram program, KernelVerdict verdict, long nanos) {
        return switch (verdict) {
            case KernelVerdict.Accepted(var loaded) ->
                new Accepted(loaded.figures().verified(), nanos);
            case KernelVerdict.Refused(int error, String log) ->
                new Rejected(
                        Optional.of(KernelErrors.name(error)),
                        Complaint.of(program, log),
                        log,
                        KernelErrors.program(program, error, log),
                        nanos);
        };
    }
}
