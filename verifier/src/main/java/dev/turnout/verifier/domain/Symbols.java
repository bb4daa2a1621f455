package dev.turnout.verifier.domain;

/**
 * The source of symbols of one analysis. A symbol is a number that names a value for good: each definition takes a fresh
 * one, so two mentions of a symbol in a state always mean the same value, and what is learned of one copy holds for all.
 *
 * <p>Two facts ride in the low bits. A symbol is <i>path-constant</i> if a walk over single paths would see a constant in
 * its place (a loop counter, a join of constants); it is a <i>counter</i> if it counts the rounds of a loop.
 */
public final class Symbols {
    private static final int PATH_CONSTANT = 1;
    private static final int COUNTER = 2;

    private int next;

    /** A symbol that nothing is known of. */
    public int fresh() {
        return next++ << 2;
    }

    public int fresh(boolean pathConstant) {
        return next++ << 2 | (pathConstant ? PATH_CONSTANT : 0);
    }

    public int freshCounter() {
        return next++ << 2 | PATH_CONSTANT | COUNTER;
    }

    public static boolean isPathConstant(int symbol) {
        return (symbol & PATH_CONSTANT) != 0;
    }

    public static boolean isCounter(int symbol) {
        return (symbol & COUNTER) != 0;
    }
}
