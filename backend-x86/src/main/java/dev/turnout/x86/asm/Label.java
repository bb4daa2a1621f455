package dev.turnout.x86.asm;

import org.jspecify.annotations.Nullable;

/**
 * A place in the code of one {@link Assembler}, before or after it is known where that is. What it is final can be asked of the
 * {@link AssembledCode}. Not thread-safe, as the assembler is not.
 */
public final class Label {
    /** The code in which it is placed; null until it is. */
    private @Nullable Sites home;
    /** Bytes in front of it, not counting those of sites. */
    private int raw;
    /** Sites in front of it. */
    private int before;

    public Label() {}

    public boolean isPlaced() {
        return home != null;
    }

    void place(Sites in, int at) {
        if (home != null) {
            throw new IllegalStateException("a label is placed twice");
        }
        home = in;
        raw = at;
        before = in.count();
    }

    /** Where it lies in code that is laid out. */
    int offset(Sites in) {
        if (home != in) {
            throw new IllegalStateException(
                    home == null ? "the label was never placed" : "the label is placed in other code");
        }
        return in.offset(raw, before);
    }
}
