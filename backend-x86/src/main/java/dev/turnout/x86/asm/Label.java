package dev.turnout.x86.asm;

/**
 * A place in the code of one {@link Assembler}, before or after it is known where that is. What it is final can be asked of the
 * {@link AssembledCode}. Not thread-safe, as the assembler is not.
 */
public final class Label {
    /** Bytes in front of it, not counting those of sites; −1 until it is placed. */
    int raw = -1;
    /** Sites in front of it. */
    int sites;

    public Label() {}

    public boolean isPlaced() {
        return raw >= 0;
    }
}
