package dev.turnout.driver.run;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;

/**
 * What the verifier says of a program, and how long it took to say it.
 *
 * @param nanos time of the verification
 */
public record ProgramVerdict(BpfProgram program, Verdict verdict, long nanos) {
    /** Whether the program may run here. */
    public static ProgramVerdict of(BpfProgram program) {
        return of(program, Options.linux());
    }

    /** What Linux says when root loads it. */
    public static ProgramVerdict predicted(BpfProgram program) {
        return of(program, Options.kernel());
    }

    private static ProgramVerdict of(BpfProgram program, Options options) {
        long start = System.nanoTime();
        Verdict verdict = Verifier.verify(program, options);
        return new ProgramVerdict(program, verdict, System.nanoTime() - start);
    }
}
