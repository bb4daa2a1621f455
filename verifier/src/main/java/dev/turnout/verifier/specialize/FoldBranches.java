package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.invariant.Ways;

/**
 * Jumps that can go one way only go there without a test.
 *
 * <pre>
 * before                           after, if r1 is 3 in every run
 *   if r1 == 3 goto wide             goto wide
 *   if r1 == 4 goto other            (nothing)
 *   gotox r2                         goto arm        (r2 can hold one entry)
 * </pre>
 *
 * <p>Sound, because the verifier's fixpoint hands a state to every edge that some run takes, in every context of calls
 * ({@link Ways}); an edge without a state is taken by none, so the other is taken always. Where both have none, no run gets
 * to the jump at all, and an {@code exit} stands for it.
 *
 * <p>A static branch keeps both its ways: its key may change after the proof. So does {@code may_goto}.
 */
final class FoldBranches {
    private FoldBranches() {}

    static void run(Draft draft, Invariants invariants) {
        for (int slot : draft.standing()) {
            if (!invariants.reachable(slot)) {
                continue;
            }
            Ways ways = invariants.ways();
            if (draft.at(slot) instanceof Insn.JumpIf) {
                if (ways.mayJump(slot) && !ways.mayGoOn(slot)) {
                    draft.put(slot, new Insn.Jump(false, 0), draft.referred(slot));
                } else if (!ways.mayJump(slot) && ways.mayGoOn(slot)) {
                    draft.skip(slot);
                } else if (!ways.mayJump(slot)) {
                    draft.put(slot, new Insn.Exit());
                }
            } else if (draft.at(slot) instanceof Insn.JumpIndirect
                    && ways.targets(slot).size() == 1) {
                draft.put(slot, new Insn.Jump(false, 0), ways.targets(slot).getFirst());
            }
        }
    }
}
