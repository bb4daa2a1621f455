package dev.turnout.verifier.invariant;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
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

    /**
     * The functions of a circle of calls, from one to itself; empty if there is none. Engines find those that they go round; one through
     * functions that are verified alone shows only when all of them are.
     */
    public List<Integer> circle() {
        Map<Integer, Set<Integer>> callees = new TreeMap<>();
        for (Call call : calls) {
            callees.computeIfAbsent(call.caller, _ -> new TreeSet<>()).add(call.callee);
        }
        Set<Integer> done = new TreeSet<>();
        for (int start : callees.keySet()) {
            List<Integer> circle = circle(callees, start, new ArrayList<>(), done);
            if (!circle.isEmpty()) {
                return circle;
            }
        }
        return List.of();
    }

    private static List<Integer> circle(
            Map<Integer, Set<Integer>> callees, int function, List<Integer> active, Set<Integer> done) {
        int since = active.indexOf(function);
        if (since >= 0) {
            List<Integer> circle = new ArrayList<>(active.subList(since, active.size()));
            circle.add(function);
            return circle;
        }
        List<Integer> circle = List.of();
        active.add(function);
        // A program has at most some hundred functions: so deep this goes.
        for (int callee : callees.getOrDefault(function, Set.of())) {
            if (circle.isEmpty() && !done.contains(callee)) {
                circle = circle(callees, callee, active, done);
            }
        }
        active.removeLast();
        done.add(function);
        return circle;
    }

    /** Functions that helpers call, ascending. */
    public SortedSet<Integer> callbacks() {
        return callbacks;
    }
}
