package dev.turnout.verifier.specialize;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.VerifiedProgram;

/**
 * Code that machines may run: a verified program after rewriting. Only {@link Specializer} makes one. Immutable.
 *
 * <p>A jump table of {@link #program()} holds rewritten slots; an entry whose instruction was removed holds {@link #REMOVED},
 * and no run goes through it.
 */
public final class ExecutableProgram {
    /** What stands in the slot map and in tables for an instruction that no run gets to, and that is no longer there. */
    public static final int REMOVED = -1;

    private final VerifiedProgram origin;
    private final BpfProgram program;
    private final int[] rewritten;
    private final int[] original;

    /**
     * @param origin what was proven
     * @param program what runs
     * @param rewritten for each slot of the original code the slot where a run that comes there goes on, or {@link #REMOVED}
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

    /** What the proof decided; found out when asked for, in one walk over the code. */
    public Decisions decisions() {
        return Decisions.of(origin.program(), origin.invariants());
    }

    /** The code that runs, with functions, tables, branch sites and lines in rewritten slots. */
    public BpfProgram program() {
        return program;
    }

    /**
     * Where a run that comes to the instruction at {@code slot} of the original code is now: the first of the instructions
     * that it became, or the next one if it became none. {@link #REMOVED} if no run gets there, and for the second slot of a
     * wide load.
     */
    public int rewritten(int slot) {
        return rewritten[slot];
    }

    /**
     * The slot of the original instruction that the one at {@code slot} of the rewritten code came from, also in the second
     * slot of a wide load. What the invariants say of the original holds before the first of several, of every register that
     * the code still reads.
     */
    public int original(int slot) {
        return original[slot];
    }
}
