package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;

/**
 * Jumps to where control goes anyway, left over when what lay between is gone.
 *
 * <pre>
 * before                           after
 *   if r1 == 3 goto end              (nothing)
 *   goto end                         (nothing)
 * end:                             end:
 * </pre>
 *
 * <p>Sound: both ways of such a jump are one, and a test changes nothing. Not so a static branch, whose site belongs to its
 * key, nor {@code may_goto}, which counts.
 */
final class RemoveEmptyJumps {
    private RemoveEmptyJumps() {}

    /** Goes backwards, so that a row of jumps that lead to one place goes in one walk; whether anything went. */
    static boolean run(Draft draft) {
        int[] standing = draft.standing();
        boolean changed = false;
        // The next slot at which something stands: what lies between, if anything, is dead.
        int next = draft.size();
        for (int i = standing.length - 1; i >= 0; i--) {
            int slot = standing[i];
            Insn insn = draft.at(slot);
            boolean leads = insn instanceof Insn.Jump || insn instanceof Insn.JumpIf;
            if (leads && draft.forward(draft.referred(slot)) == next) {
                draft.skip(slot);
                changed = true;
            } else {
                next = slot;
            }
        }
        return changed;
    }
}
