package dev.turnout.verifier.invariant;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which functions call which, by their numbers, and which are called by helpers. Mutable while an engine fills it. */
public final class CallGraph {
    /** A call by an instruction of {@code caller}, or by a helper that it calls. */
    public record Call(int caller, int callee) {}

    private final Set<Call> calls = new LinkedHashSet<>();
    private final TreeSet<Integer> callbacks = new TreeSet<>();

    public void call(int caller, int callee) {
        calls.add(new Call(caller, callee));
    }

    /** A helper calls the function of this number. */
    public void callback(int function) {
        callbacks.add(function);
    }

    public void add(CallGraph other) {
        calls.addAll(other.calls);
        callbacks.addAll(other.callbacks);
    }

    /** In the order in which they were found. */
    public Set<Call> calls() {
        return calls;
    }

    /** Functions that helpers call, ascending. */
    public SortedSet<Integer> callbacks() {
        return callbacks;
    }
}
