package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.frontend.typed.TypedProgram;

/** The door of this package. */
public final class Lowering {
    private Lowering() {}

    /**
     * Lowers a program that the checker has found right.
     *
     * @param diagnostics for what is found on the way; the claims are reported later, by {@code ProofCheck}
     */
    public static LoweredProgram lower(TypedProgram program, Diagnostics diagnostics) {
        if (diagnostics.hasErrors()) {
            throw new IllegalArgumentException("a program with errors cannot be lowered");
        }
        return new ObjectLowering(program).lower();
    }
}
