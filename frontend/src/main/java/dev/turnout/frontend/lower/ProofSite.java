package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.source.Span;

/**
 * A place in the text that is only right if a number is small enough.
 *
 * @param span the number: an index, or the upper bound of a {@code for}
 * @param bound an index must be below it; rounds may be as many
 */
public record ProofSite(Kind kind, Span span, long bound) {
    /** What the number is. */
    public enum Kind {
        /** Of an array or table. */
        INDEX,
        /** Of a {@code for} without {@code limit}. */
        ROUNDS
    }
}
