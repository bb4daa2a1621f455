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
            private static final int SHOWN = 64;

            /** Of long memory the beginning, and a number that differs where the rest does. */
            @Override
            public String toString() {
                String shown = memory.size() <= SHOWN
                        ? memory.toString()
                        : memory.slice(0, SHOWN) + "… (" + memory.size() + " bytes, hash "
                                + Integer.toHexString(memory.hashCode()) + ")";
                return "r0 = 0x" + Long.toHexString(result) + ", memory " + shown;
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
