package dev.turnout.tests.differential;

import dev.turnout.ir.model.ByteString;
import java.util.List;
import java.util.Map;

/**
 * What one engine made of a trial. Engines agree if these are equal.
 *
 * @param endings one a run
 * @param maps entries of each map after all runs, as text, by name; without jump tables
 */
record Observation(List<Ending> endings, Map<String, List<String>> maps) {
    Observation {
        endings = List.copyOf(endings);
        maps = Map.copyOf(maps);
    }

    /** How a run ended. */
    sealed interface Ending {
        /**
         * With a result.
         *
         * @param memory the memory or the packet as it was left
         */
        record Returned(long result, ByteString memory) implements Ending {
            @Override
            public String toString() {
                return "r0 = 0x" + Long.toHexString(result) + ", memory " + memory;
            }
        }

        /** The packet could not be fed. */
        record Refused() implements Ending {}

        /**
         * It was stopped.
         *
         * @param code of the diagnostic
         */
        record Stopped(String code, String message) implements Ending {}
    }
}
