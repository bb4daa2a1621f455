package dev.turnout.verifier.specialize;

/**
 * Which rewrites a verified program gets.
 *
 * @param fold whether what the invariants decide is folded: branches, loads of constants, code that no run gets to
 * @param blinding of constants
 */
public record SpecializeOptions(boolean fold, Blinding blinding) {
    /** Whether constants of the program may stand in the code that runs. */
    public sealed interface Blinding {
        /** They may. */
        record Off() implements Blinding {}

        /**
         * None that a program chose: each is put together from two numbers that it cannot know.
         *
         * @param seed where these numbers come from; whoever knows it can foretell them, so outside of tests it is drawn anew
         *     for each load from a source that cannot be guessed
         */
        record Seeded(long seed) implements Blinding {}
    }

    /** Folding, no blinding: what machines run unless told otherwise. */
    public static final SpecializeOptions DEFAULT = new SpecializeOptions(true, new Blinding.Off());

    /** The verified code as it is. */
    public static final SpecializeOptions NONE = new SpecializeOptions(false, new Blinding.Off());

    /** The same with constants blinded. */
    public SpecializeOptions blinded(long seed) {
        return new SpecializeOptions(fold, new Blinding.Seeded(seed));
    }
}
