package dev.turnout.x86.code;

import dev.turnout.x86.asm.BranchCell;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * A static branch in translated code: one cell, however many ways it has. What the cell holds is a function of the values of its
 * keys alone, so it can be written at any time, and written twice.
 *
 * @param slot of the {@code StaticJump}, in the executable program
 * @param at offset of the cell, a multiple of {@link BranchCell#SIZE}
 * @param ways asked in this order: the first that is open is gone; if none is, control goes on behind the cell
 */
public record PatchSite(int slot, int at, BranchCell form, List<Way> ways) {
    public PatchSite {
        ways = List.copyOf(ways);
    }

    /**
     * Where the site jumps to for some values of a key.
     *
     * @param key index into the program's keys
     * @param value for which it is open, or with {@code inverse} for all others
     * @param target offset in the code
     */
    public record Way(int key, long value, boolean inverse, int target) {
        /** Whether the site goes this way while the key has a value. */
        public boolean isOpen(long present) {
            return (present == value) != inverse;
        }
    }

    /**
     * What the cell must hold.
     *
     * @param values of the program's keys, by their index
     */
    public long word(IntToLongFunction values) {
        for (Way way : ways) {
            if (way.isOpen(values.applyAsLong(way.key()))) {
                return form.jumping(at, way.target());
            }
        }
        return form.passing();
    }
}
