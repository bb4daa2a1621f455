package dev.turnout.verifier.specialize;

import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.VerifiedProgram;
import java.util.SplittableRandom;

/** From a proof to code that runs. Each rewrite keeps what every run does, by an argument that stands above it. */
public final class Specializer {
    private static final int MOST_ROUNDS = 4;

    private Specializer() {}

    /** With {@link SpecializeOptions#DEFAULT}. */
    public static ExecutableProgram specialize(VerifiedProgram verified) {
        return specialize(verified, SpecializeOptions.DEFAULT);
    }

    /** The same for the same options: what is random comes from the seed. */
    public static ExecutableProgram specialize(VerifiedProgram verified, SpecializeOptions options) {
        Draft draft = new Draft(verified.program());
        Invariants invariants = verified.invariants();
        if (options.fold()) {
            FoldBranches.run(draft, invariants);
            FoldLoads.run(draft, invariants);
            FoldOperands.run(draft, invariants);
            // Only now: a load or a jump that no run gets to was not worth a look.
            RemoveDeadCode.run(draft, invariants);
            // Each makes work for the other; who wants more rounds than this wants to keep us busy.
            boolean less = true;
            for (int round = 0; round < MOST_ROUNDS && less; round++) {
                less = RemoveEmptyJumps.run(draft);
                less |= RemoveDeadDefinitions.run(draft, invariants);
            }
        }
        switch (options.blinding()) {
            case SpecializeOptions.Blinding.Off _ -> {}
            // Last: it would hide constants from the others.
            case SpecializeOptions.Blinding.Seeded(long seed) -> BlindConstants.run(draft, new SplittableRandom(seed));
        }
        return Layout.of(draft, verified);
    }
}
