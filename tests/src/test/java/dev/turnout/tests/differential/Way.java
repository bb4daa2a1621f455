package dev.turnout.tests.differential;

import dev.turnout.verifier.VerifiedProgram;
import java.util.Map;

/** A way to run programs: an engine, with what is done to the program before. */
interface Way {
    String name();

    /** The same with what is special for this trial. */
    default String name(Trial trial) {
        return name();
    }

    Seen see(Trial trial, Proven proven);

    /**
     * A trial's program and those that it may call in its place.
     *
     * @param targets by their index in the array of programs
     */
    record Proven(VerifiedProgram program, Map<Integer, VerifiedProgram> targets) {
        public Proven {
            targets = Map.copyOf(targets);
        }
    }

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
