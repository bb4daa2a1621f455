package dev.turnout.verifier.kernel;

import dev.turnout.verifier.domain.Region;

/** What a load of typed memory gives. */
public sealed interface Loaded {
    /** A number; also an address that programs cannot follow. */
    record Number() implements Loaded {}

    /** A pointer to the start of an object or buffer. */
    record Pointer(Region to, boolean nullable) implements Loaded {}

    /**
     * Nothing: there is no such thing.
     *
     * @param why a sentence without its end
     */
    record Refused(String why) implements Loaded {}
}
