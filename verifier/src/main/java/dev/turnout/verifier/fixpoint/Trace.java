package dev.turnout.verifier.fixpoint;

import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a pass has found: the state at the head of each block that it entered, the ways on, calls, loops without a bound. */
final class Trace {
    /**
     * A state that holds whenever control enters the block in some context of calls; not to be changed.
     *
     * @param active numbers of the active functions, main first
     */
    record Entry(List<Integer> active, int block, State state) {
        int function() {
            return active.getLast();
        }
    }

    record Call(int caller, int callee) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final TreeSet<Integer> callbacks = new TreeSet<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Ways ways = new Ways();

    void enter(List<Integer> active, int block, State state) {
        entries.add(new Entry(active, block, state));
    }

    void call(int caller, int callee) {
        calls.add(new Call(caller, callee));
    }

    /** A helper calls the function of this number. */
    void callback(int function) {
        callbacks.add(function);
    }

    void report(Violation violation) {
        violations.add(violation);
    }

    void add(Trace other) {
        entries.addAll(other.entries);
        calls.addAll(other.calls);
        callbacks.addAll(other.callbacks);
        violations.addAll(other.violations);
        ways.add(other.ways);
    }

    List<Entry> entries() {
        return entries;
    }

    List<Call> calls() {
        return calls;
    }

    /** Functions that helpers call, ascending. */
    SortedSet<Integer> callbacks() {
        return callbacks;
    }

    List<Violation> violations() {
        return violations;
    }

    Ways ways() {
        return ways;
    }
}
