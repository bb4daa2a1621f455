package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.verifier.cfg.Liveness;

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
 *
 * <p>One backward analysis over slots; an instruction whose result is dead reads nothing, so that a whole chain goes at once.
 * Linear in practice: passes over the code as loops nest.
 */
final class RemoveDeadDefinitions {
    private RemoveDeadDefinitions() {}

    /** Whether anything went. */
    static boolean run(Draft draft) {
        int[] standing = draft.standing();
        int[] live = new int[draft.size()];
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int i = standing.length - 1; i >= 0; i--) {
                int slot = standing[i];
                int in = liveBefore(draft.at(slot), liveAfter(draft, slot, live));
                moved |= in != live[slot];
                live[slot] = in;
            }
        }
        boolean changed = false;
        for (int slot : standing) {
            if (isUseless(draft.at(slot), liveAfter(draft, slot, live))) {
                draft.skip(slot);
                changed = true;
            }
        }
        return changed;
    }

    private static int liveAfter(Draft draft, int slot, int[] live) {
        int after = 0;
        for (int next : draft.successors(slot)) {
            after |= live[next];
        }
        return after;
    }

    private static int liveBefore(Insn insn, int after) {
        return isUseless(insn, after) ? after : Liveness.reads(insn) | (after & ~Liveness.writes(insn));
    }

    private static boolean isUseless(Insn insn, int after) {
        boolean onlySets = switch (insn) {
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _ -> true;
            case Insn.Store _, Insn.Atomic _, Insn.PacketLoad _, Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _ -> false;
            case Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _ -> false;
            case Insn.CallIndirect _, Insn.Exit _ -> false;
        };
        return onlySets && (after & Liveness.writes(insn)) == 0;
    }
}
