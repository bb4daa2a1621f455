package dev.turnout.frontend.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done when control leaves the blocks around the current place: deferred calls and locks to release, the last
 * one first. Every way out emits its own copy: BPF has no other form of it, and the ways are few.
 */
final class Pending {
    private List<Runnable> actions = List.of();

    /** How much is pending: what a jump keeps whose target stands here. */
    int depth() {
        return actions.size();
    }

    void add(Runnable action) {
        List<Runnable> more = new ArrayList<>(actions);
        more.add(action);
        actions = List.copyOf(more);
    }

    /** What is pending now, for a way out that is emitted later. Equal lists do the same. */
    List<Runnable> snapshot() {
        return actions;
    }

    void restore(List<Runnable> snapshot) {
        actions = snapshot;
    }

    /** Does everything above {@code depth}; it stays pending for other ways. */
    void run(int depth) {
        List<Runnable> all = actions;
        for (int i = all.size() - 1; i >= depth; i--) {
            // What an action leaves by, it leaves with the rest.
            actions = all.subList(0, i);
            all.get(i).run();
        }
        actions = all;
    }

    /** Forgets everything above {@code depth}: the text goes on outside. */
    void forget(int depth) {
        actions = actions.subList(0, depth);
    }
}
