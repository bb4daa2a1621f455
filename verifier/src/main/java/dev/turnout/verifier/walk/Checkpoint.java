package dev.turnout.verifier.walk;

import dev.turnout.verifier.domain.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state that some path has gone through, and its place in the tree of paths. It is <i>open</i> as long as a path that leads
 * on from it is not finished; in a depth-first walk those are the checkpoints that the present path has come through.
 */
final class Checkpoint {
    /** In place of a count: none. */
    static final int NONE = -1;

    private final @Nullable Checkpoint before;
    private final int slot;
    private @Nullable State state;
    private final @Nullable Rounds rounds;
    private final int counted;
    private final int restarted;
    private int open = 1;
    private int hits;
    private int misses;
    private List<Arrival> arrivals = List.of();

    /**
     * A path that ended here, because the state that it came with is included.
     *
     * @param from the last checkpoint of that path
     * @param counted the count that it moved since then, or {@link #NONE}
     * @param restarted the count that it started anew since then, or {@link #NONE}
     */
    record Arrival(Checkpoint from, int counted, int restarted) {}

    /**
     * @param before the checkpoint before it on its path
     * @param state not to be changed; null if it is not kept to compare with
     * @param counted the count that the path moved when it left {@code before}, or {@link #NONE}
     * @param restarted the count that the path starts anew by coming here, or {@link #NONE}
     */
    Checkpoint(
            @Nullable Checkpoint before,
            int slot,
            @Nullable State state,
            @Nullable Rounds rounds,
            int counted,
            int restarted) {
        this.before = before;
        this.slot = slot;
        this.state = state;
        this.rounds = rounds;
        this.counted = counted;
        this.restarted = restarted;
    }

    @Nullable
    Checkpoint before() {
        return before;
    }

    int slot() {
        return slot;
    }

    @Nullable
    State state() {
        return state;
    }

    /** It is not compared with any more; what is left is its place in the tree. */
    void drop() {
        state = null;
    }

    @Nullable
    Rounds rounds() {
        return rounds;
    }

    int counted() {
        return counted;
    }

    int restarted() {
        return restarted;
    }

    boolean isOpen() {
        return open > 0;
    }

    /** One more path leads on from here. */
    void open() {
        open++;
    }

    /** A path that led on from here is finished; with the last one so is this, and the path to here. */
    void close() {
        Checkpoint at = this;
        while (at != null && --at.open == 0) {
            at = at.before;
        }
    }

    void arrive(Arrival arrival) {
        if (arrivals.isEmpty()) {
            arrivals = new ArrayList<>(2);
        }
        arrivals.add(arrival);
    }

    List<Arrival> arrivals() {
        return arrivals;
    }

    void hit() {
        hits++;
    }

    /** Notes a comparison in vain; whether there were too many for it to be worth keeping. */
    boolean miss(int patience) {
        return ++misses > patience * (hits + 1);
    }
}
