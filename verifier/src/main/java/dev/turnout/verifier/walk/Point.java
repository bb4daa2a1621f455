package dev.turnout.verifier.walk;

import java.util.ArrayList;
import java.util.List;

/** What was seen at one slot in one chain of calls, the last first to be compared with. */
final class Point {
    /** Comparisons a visit; more would make a long loop take time by the square of its rounds. */
    static final int MOST = 64;

    private final List<Checkpoint> checkpoints = new ArrayList<>();

    /** In the order in which they were seen. */
    List<Checkpoint> checkpoints() {
        return checkpoints;
    }

    /** Adds one; how many more there are now: an old one may have to go for it. */
    int add(Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
        if (checkpoints.size() <= MOST) {
            return 1;
        }
        checkpoints.removeFirst().drop();
        return 0;
    }
}
