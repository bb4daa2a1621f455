package dev.turnout.verifier.fixpoint;

import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.invariant.CallGraph;
import dev.turnout.verifier.invariant.Ways;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    private final List<Entry> entries = new ArrayList<>();
    /** What was added: calls that are one share theirs, so that a tree of calls is a graph here. */
    private final List<Trace> parts = new ArrayList<>();

    private final CallGraph calls = new CallGraph();
    private final Set<Violation> violations = new LinkedHashSet<>();
    private final Ways ways = new Ways();
    private boolean torn;

    void enter(List<Integer> active, int block, State state) {
        entries.add(new Entry(active, block, state));
    }

    void report(Violation violation) {
        violations.add(violation);
    }

    /** States whose protocols differ have met: what is found here decides nothing. */
    void tear() {
        torn = true;
    }

    boolean isTorn() {
        return torn;
    }

    /** Makes another trace, which is complete, a part of this one. */
    void add(Trace other) {
        parts.add(other);
        calls.add(other.calls);
        violations.addAll(other.violations);
        ways.add(other.ways);
        torn |= other.torn;
    }

    /** Its own entries and those of all parts, each once. */
    List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        Set<Trace> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Trace> pending = new ArrayDeque<>();
        pending.push(this);
        while (!pending.isEmpty()) {
            Trace trace = pending.pop();
            if (seen.add(trace)) {
                all.addAll(trace.entries);
                trace.parts.reversed().forEach(pending::push);
            }
        }
        return all;
    }

    CallGraph calls() {
        return calls;
    }

    Set<Violation> violations() {
        return violations;
    }

    Ways ways() {
        return ways;
    }
}
