package dev.turnout.verifier.walk;

import dev.turnout.verifier.domain.State;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a path is. Mutable: the walk moves it on, and copies it where paths part. */
final class Walker {
    State state;
    Activation at;
    int slot;

    @Nullable
    Trail trail;

    Checkpoint last;

    @Nullable
    Rounds rounds;
    /** The count that was moved since the last checkpoint, or {@link Checkpoint#NONE}. */
    int counted = Checkpoint.NONE;
    /** The count that starts anew by what is done next, or {@link Checkpoint#NONE}. */
    int restarts = Checkpoint.NONE;
    /** Jumps and instructions since the last checkpoint. */
    int jumps;

    int insns;

    Walker(State state, Activation at, int slot, Checkpoint last) {
        this.state = state;
        this.at = at;
        this.slot = slot;
        this.last = last;
    }

    /** Another path that goes on from here with a state of its own. */
    Walker fork(State other) {
        Walker copy = new Walker(other, at, slot, last);
        copy.trail = trail;
        copy.rounds = rounds;
        copy.counted = counted;
        copy.restarts = restarts;
        copy.jumps = jumps;
        copy.insns = insns;
        return copy;
    }

    /** Decides to go on at {@code to}. */
    void decide(int to) {
        trail = new Trail(trail, slot, to);
        slot = to;
        jumps++;
    }

    /** Whether since the checkpoint {@code ancestor} a count has moved that was not started anew. */
    boolean hasProgressedSince(Checkpoint ancestor) {
        Set<Integer> moved = new TreeSet<>(Set.of(counted));
        Set<Integer> started = new TreeSet<>(Set.of(restarts));
        for (Checkpoint c = last; c != null && c != ancestor; c = c.before()) {
            moved.add(c.counted());
            started.add(c.restarted());
        }
        moved.removeAll(started);
        moved.remove(Checkpoint.NONE);
        return !moved.isEmpty();
    }
}
