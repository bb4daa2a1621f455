package dev.turnout.verifier.signature;

/** What a global function may count on for an argument, and what its callers owe it. */
public sealed interface Parameter {
    /** Any number. */
    record Number() implements Parameter {}

    /** The program's own context, as it was given. */
    record Context() implements Parameter {}

    /**
     * Memory that may be read and written.
     *
     * @param bytes size of what the type points to
     * @param nullable whether null may be passed
     */
    record Memory(long bytes, boolean nullable) implements Parameter {}

    /** A dynptr that has been made. */
    record Dynptr() implements Parameter {}

    /** An address in an arena, which is a number where it was not cast. */
    record ArenaAddress() implements Parameter {}
}
