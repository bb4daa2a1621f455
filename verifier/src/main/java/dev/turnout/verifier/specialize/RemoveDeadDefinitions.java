package dev.turnout.verifier.specialize;

import dev.turnout.verifier.Invariants;

/**
 * Instructions that only set a register that nothing reads: what folded branches and loads leave behind.
 *
 * <pre>
 * before                                 after
 *   r1 = .rodata + 4 ll                    (nothing)
 *   r2 = *(u32 *)(r1 + 0)                  (nothing)
 *   (if r2 == 0 goto off: folded)
 * </pre>
 *
 * <p>Sound, because the instruction has no other effect: its access was proven, so leaving it out hides no fault, and a value
 * that is not read on any way on changes no run. The invariants stay true of every register that is still read.
 */
final class RemoveDeadDefinitions {
    private RemoveDeadDefinitions() {}

    /** Whether anything went. */
    static boolean run(Draft draft, Invariants invariants) {
        DraftLiveness liveness = DraftLiveness.of(draft, invariants.ways());
        boolean changed = false;
        for (int slot : draft.standing()) {
            if (liveness.isUseless(slot)) {
                draft.skip(slot);
                changed = true;
            }
        }
        return changed;
    }
}
