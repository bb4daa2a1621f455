package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.invariant.Ways;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which registers are read behind each instruction of a draft, a bit a register. An instruction that only sets a register which
 * nothing reads counts as if it read nothing itself, so a chain of such instructions is dead as a whole.
 *
 * <p>A work list over instructions, each with the list of those that lead to it. What is read behind an instruction only grows,
 * at most once a register, so the work is bounded by eleven times the edges, however the code jumps.
 */
final class DraftLiveness {
    private static final int END = -1;

    private final Draft draft;
    /** By slot: what is read behind the instruction. */
    private final int[] after;
    /** By slot: the first of the edges that lead to it, or {@link #END}; by edge: where it comes from, and the next one. */
    private final int[] first;

    private int[] source = new int[64];
    private int[] following = new int[64];
    private int edges;

    private DraftLiveness(Draft draft) {
        this.draft = draft;
        this.after = new int[draft.size()];
        this.first = new int[draft.size()];
        Arrays.fill(first, END);
    }

    static DraftLiveness of(Draft draft, Ways ways) {
        DraftLiveness liveness = new DraftLiveness(draft);
        liveness.settle(ways);
        return liveness;
    }

    private void settle(Ways ways) {
        int[] standing = draft.standing();
        for (int slot : standing) {
            draft.eachSuccessor(slot, ways, next -> edge(slot, next));
        }
        int[] pending = standing.clone();
        int count = standing.length;
        BitSet waits = new BitSet(draft.size());
        for (int slot : standing) {
            waits.set(slot);
        }
        while (count > 0) {
            // From behind, where most that is known comes from.
            int slot = pending[--count];
            waits.clear(slot);
            int before = before(slot);
            for (int edge = first[slot]; edge != END; edge = following[edge]) {
                int from = source[edge];
                if ((before & ~after[from]) != 0) {
                    after[from] |= before;
                    if (!waits.get(from)) {
                        waits.set(from);
                        pending[count++] = from;
                    }
                }
            }
        }
    }

    private void edge(int from, int to) {
        if (edges == source.length) {
            source = Arrays.copyOf(source, edges * 2);
            following = Arrays.copyOf(following, edges * 2);
        }
        source[edges] = from;
        following[edges] = first[to];
        first[to] = edges++;
    }

    private int before(int slot) {
        Insn insn = draft.at(slot);
        return isUseless(slot) ? after[slot] : Liveness.reads(insn) | (after[slot] & ~Liveness.writes(insn));
    }

    /** Whether the instruction only sets a register that nothing reads. */
    boolean isUseless(int slot) {
        Insn insn = draft.at(slot);
        boolean onlySets = switch (insn) {
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _ -> true;
            case Insn.Store _, Insn.Atomic _, Insn.PacketLoad _, Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _ -> false;
            case Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _ -> false;
            case Insn.CallIndirect _, Insn.Exit _ -> false;
        };
        return onlySets && (after[slot] & Liveness.writes(insn)) == 0;
    }
}
