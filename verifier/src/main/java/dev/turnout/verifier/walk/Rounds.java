package dev.turnout.verifier.walk;

import org.jspecify.annotations.Nullable;

/** How many rounds of callbacks each active helper has made, the innermost first. */
record Rounds(@Nullable Rounds outer, long done) {
    Rounds more() {
        return new Rounds(outer, done + 1);
    }

    /**
     * Whether a path that has made these rounds can make no more of them than one that has made {@code other}. Both are of the same
     * calls.
     */
    static boolean leavesNoMore(@Nullable Rounds these, @Nullable Rounds other) {
        Rounds a = these;
        Rounds b = other;
        while (a != null && b != null) {
            if (a.done < b.done) {
                return false;
            }
            a = a.outer;
            b = b.outer;
        }
        return true;
    }
}
