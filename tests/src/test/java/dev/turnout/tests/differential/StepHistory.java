package dev.turnout.tests.differential;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The values of something that one thread changes while others look: what it has after step {@code s} is {@code values[s]}. The
 * thread writes the value, then says that the step may begin, makes the change, then says that it is over.
 */
final class StepHistory {
    final byte[] values;
    /** The last step that may have begun. */
    final AtomicInteger begun = new AtomicInteger();
    /** The last step that is over: the change has returned. */
    final AtomicInteger done = new AtomicInteger();

    StepHistory(int steps, int initial) {
        values = new byte[steps + 1];
        values[0] = (byte) initial;
    }

    /** A bit for each value that there may have been between the end of one step and the beginning of another. */
    int between(int from, int to) {
        int mask = 0;
        for (int step = from; step <= to; step++) {
            mask |= 1 << values[step];
        }
        return mask;
    }
}
