package dev.turnout.verifier;

import dev.turnout.bpf.program.BpfProgram;

/** A program that has been proven safe. Only {@link Verifier} makes one: the type is the proof that it ran. Immutable. */
public final class VerifiedProgram {
    private final BpfProgram program;
    private final Invariants invariants;

    VerifiedProgram(BpfProgram program, Invariants invariants) {
        this.program = program;
        this.invariants = invariants;
    }

    public BpfProgram program() {
        return program;
    }

    /** What holds before each instruction, in every run. */
    public Invariants invariants() {
        return invariants;
    }
}
