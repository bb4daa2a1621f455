package dev.turnout.verifier.specialize;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.VerifiedProgram;

/**
 * Code that machines may run: a verified program after rewriting. Only {@link Specializer} makes one. Immutable.
 *
 * <p>A jump table of {@link #program()} holds rewritten slots; an entry whose instruction was removed holds -1, and no run
 * reads it.
 */
public final class ExecutableProgram {
    /** What stands in the slot map and in tables for an instruction that is no longer there. */
    public static final int REMOVED = -1;

    private final VerifiedProgram origin;
    private final BpfProgram program;
    private final int[] rewritten;
    private final int[] original;

    /**
     * @param origin what was proven
     * @param program what runs
     * @param rewritten for each slot of the original code the slot that it became, or {@link #REMOVED}
     * @param original for each slot of the rewritten code the slot that it came from
     */
    ExecutableProgram(VerifiedProgram origin, BpfProgram program, int[] rewritten, int[] original) {
        this.origin = origin;
        this.program = program;
        this.rewritten = rewritten;
        this.original = original;
    }

    /** The proof, over original slots. */
    public VerifiedProgram origin() {
        return origin;
    }

    /** The code that runs, with functions, tables, branch sites and lines in rewritten slots. */
    public BpfProgram program() {
        return program;
    }

    /** Where the instruction at {@code slot} of the original code is now, or {@link #REMOVED}. */
    public int rewritten(int slot) {
        return rewritten[slot];
    }

    /** Where the instruction at {@code slot} of the rewritten code was in the original. */
    public int original(int slot) {
        return original[slot];
    }
}
