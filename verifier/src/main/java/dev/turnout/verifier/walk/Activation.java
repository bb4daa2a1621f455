package dev.turnout.verifier.walk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An active function, or a helper that waits for its callbacks, with those that wait for it: one object for each call string,
 * so that two paths are in the same calls if their activations are the same object. A helper has no frame in the state: it is
 * in its caller's, and r1 to r4 are what it was given.
 */
final class Activation {
    /** In place of a function's number: a helper. */
    private static final int HELPER = -1;

    private final @Nullable Activation caller;
    private final int function;
    private final int site;
    private final List<Integer> active;
    private final Map<Long, Activation> callees = new HashMap<>();
    private final Map<Integer, Point> points = new HashMap<>();

    private Activation(@Nullable Activation caller, int function, int site) {
        this.caller = caller;
        this.function = function;
        this.site = site;
        List<Integer> all = new ArrayList<>(caller == null ? List.of() : caller.active);
        if (function != HELPER) {
            all.add(function);
        }
        this.active = List.copyOf(all);
    }

    /** A function that nothing of the program calls, which begins at {@code start}. */
    static Activation root(int function, int start) {
        return new Activation(null, function, start);
    }

    /** The one that waits longest. */
    Activation root() {
        Activation at = this;
        while (at.caller != null) {
            at = at.caller;
        }
        return at;
    }

    /** A function called by the instruction at {@code site}, or by the helper that this is. */
    Activation call(int calleeSite, int callee) {
        return callees.computeIfAbsent(
                (long) calleeSite << 32 | (callee & 0xffff_ffffL), _ -> new Activation(this, callee, calleeSite));
    }

    /** The helper that the instruction at {@code site} calls. */
    Activation helper(int helperSite) {
        return call(helperSite, HELPER);
    }

    boolean isHelper() {
        return function == HELPER;
    }

    boolean isRoot() {
        return caller == null;
    }

    /** Who waits for it; itself if nobody does. */
    Activation caller() {
        return caller == null ? this : caller;
    }

    /** The number of the function. */
    int function() {
        return function;
    }

    /** The slot of the call that it came from; of a root, where it begins. */
    int site() {
        return site;
    }

    /** A function's number for each frame of the state, main's first. */
    List<Integer> active() {
        return active;
    }

    /** Frames of functions, this one's included. */
    int frames() {
        return active.size();
    }

    /** Whether some helper waits for it. */
    boolean isInCallback() {
        for (Activation a = this; a.caller != null; a = a.caller) {
            if (a.isHelper()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a function is active already. */
    boolean runs(int number) {
        for (Activation a = this; ; a = a.caller) {
            if (a.function == number) {
                return true;
            }
            if (a.caller == null) {
                return false;
            }
        }
    }

    /** What was seen at a slot, in these calls. */
    Point point(int slot) {
        return points.computeIfAbsent(slot, _ -> new Point());
    }
}
