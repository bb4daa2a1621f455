package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.Invariants;

/**
 * Code that no run gets to goes away.
 *
 * <pre>
 * before                           after, if r1 is never 3
 *   if r1 == 3 goto three            (folded)
 *   r0 = 1                           r0 = 1
 *   exit                             exit
 * three:
 *   r0 = 3                           (gone; a table's entry for it is REMOVED)
 *   exit
 * </pre>
 *
 * <p>Sound, because an instruction without a row in the invariants is one that no state was handed to. Its entry in a jump
 * table is one that no {@code gotox} goes to: the entries that an index can reach are states handed on, too.
 *
 * <p>An instruction that stays never leads into one that goes: what falls through into nothing does not return (a call whose
 * callee never does), and what takes the address of a function that nobody calls only compares it. Both get an {@code exit}
 * there, which no run reaches, so that the code stays whole. So does a function that only a function table names: a program may ask
 * whether a row is missing although it never calls it, and who replaces rows finds all functions that a row may hold.
 */
final class RemoveDeadCode {
    private RemoveDeadCode() {}

    static void run(Draft draft, Invariants invariants) {
        for (int slot : draft.standing()) {
            if (!invariants.reachable(slot)) {
                draft.kill(slot);
            }
        }
        for (int slot : draft.standing()) {
            if (draft.at(slot).fallsThrough()) {
                end(draft, draft.program().code().next(slot));
            }
            if (draft.referred(slot) != Draft.NOTHING) {
                end(draft, draft.referred(slot));
            }
            if (draft.at(slot) instanceof Insn.Wide wide && wide.kind() == WideKind.MAP_INDEX_VALUE) {
                MapDefinition map = draft.program().maps().get(wide.low());
                if (map.content() instanceof MapDefinition.Content.Functions table) {
                    table.candidates().forEach(start -> end(draft, start));
                }
            }
        }
    }

    private static void end(Draft draft, int slot) {
        if (draft.isDead(slot)) {
            draft.put(slot, new Insn.Exit());
        }
    }
}
