package dev.turnout.tests.differential;

import dev.turnout.verifier.VerifiedProgram;

/** A way to run programs: an engine, with what is done to the program before. */
interface Way {
    String name();

    /** The same with what is special for this trial. */
    default String name(Trial trial) {
        return name();
    }

    Seen see(Trial trial, VerifiedProgram verified);

    /** How much this way shows of what the reference saw. */
    default Observation shown(Trial trial, Observation whole) {
        return whole;
    }

    /** What a way made of a trial. */
    sealed interface Seen {
        record Ran(Observation observation) implements Seen {}

        /** The way does not take such programs; no difference, but counted. */
        record Declined(String why) implements Seen {}
    }
}
