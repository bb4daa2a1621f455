package dev.turnout.x86.code;

import dev.turnout.x86.asm.BranchCell;

/**
 * A tail call whose table and index are known: two cells, patched as static branches are. Between the one where control may turn
 * aside to the miss and the one that jumps into the other program, the frame is undone; so the second is made right before the
 * first lets anybody come to it, and what it says while nobody does is of no matter.
 *
 * @param slot of the call, in the executable program
 * @param gate offset of the first cell: it goes on if the entry holds a program, else to {@code miss}
 * @param jump offset of the second
 * @param miss offset of where control goes on if there is no program
 * @param map index of the program array among the program's maps
 * @param index of the entry
 */
public record TailSite(int slot, int gate, int jump, int miss, BranchCell form, int map, int index) {
    /** What the first cell must hold. */
    public long gateWord(boolean filled) {
        return filled ? form.passing() : form.jumping(gate, miss);
    }

    /**
     * What the second cell must hold, to jump to an address.
     *
     * @param address where the code's first byte is executed; all code is within 2 GiB
     */
    public long jumpWord(long address, long entry) {
        return form.jumping(jump, Math.toIntExact(entry - address));
    }
}
