package dev.turnout.x86.asm;

/** The two words of a static branch's cell (docs/adr/0006): one instruction in both states, so that no thread stands inside. */
public final class BranchCell {
    /** The nop of eight bytes, as a little-endian word. */
    public static final long NOP = 0x0000_0000_0084_1f0fL;

    private static final long JMP = 0xe9L;
    /** The nop of three bytes behind the jump, which nobody reaches. */
    private static final long REST = 0x001f_0fL << 40;

    private BranchCell() {}

    /** The word that jumps from a cell at offset {@code cell} to offset {@code target}. */
    public static long jump(int cell, int target) {
        int distance = Math.subtractExact(target, cell + 5);
        return REST | (distance & 0xffff_ffffL) << 8 | JMP;
    }
}
