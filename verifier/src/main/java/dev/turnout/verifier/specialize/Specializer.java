package dev.turnout.verifier.specialize;

import dev.turnout.verifier.VerifiedProgram;

/** From a proof to code that runs. Each rewrite here must keep what was proven; today the code stays as it is. */
public final class Specializer {
    private Specializer() {}

    public static ExecutableProgram specialize(VerifiedProgram verified) {
        int size = verified.program().code().size();
        int[] same = new int[size];
        for (int slot = 0; slot < size; slot++) {
            same[slot] = slot;
        }
        return new ExecutableProgram(verified, verified.program(), same, same);
    }
}
