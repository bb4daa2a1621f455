package dev.turnout.verifier.fixpoint;

import dev.turnout.verifier.domain.Lattice;
import dev.turnout.verifier.domain.State;
import java.util.BitSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pass through a region of a function: the function itself, or the body of a loop. Holds the states that wait at blocks,
 * those that come back to the head, and those that leave.
 */
final class Scope {
    /** The loop's head, or -1 for a function. */
    final int head;

    private final @Nullable BitSet members;
    final TreeMap<Integer, State> pending = new TreeMap<>();
    final TreeMap<Integer, State> exits = new TreeMap<>();
    final Trace trace = new Trace();

    private @Nullable State back;
    private @Nullable State returned;

    Scope(int head, @Nullable BitSet members) {
        this.head = head;
        this.members = members;
    }

    /** Hands a state to a block: it waits there, or goes back to the head, or leaves. */
    void deliver(int block, State state) {
        if (block == head) {
            State before = back;
            back = before == null ? state : Lattice.join(before, state);
        } else if (members == null || members.get(block)) {
            pending.merge(block, state, Lattice::join);
        } else {
            exits.merge(block, state, Lattice::join);
        }
    }

    void returns(State state) {
        State before = returned;
        returned = before == null ? state : Lattice.join(before, state);
    }

    /** The join of what comes back to the head; null if nothing does. */
    @Nullable
    State back() {
        return back;
    }

    /** The join of what leaves the function; null if nothing does. */
    @Nullable
    State returned() {
        return returned;
    }
}
