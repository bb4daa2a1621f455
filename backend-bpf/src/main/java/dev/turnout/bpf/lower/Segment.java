package dev.turnout.bpf.lower;

import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Neighbouring values of a switch that go to one target: {@code low} to {@code high}, both included, unsigned. */
record Segment(long low, long high, Target to) {
    /**
     * The cases of a switch, joined where they meet. Those that go where all other values go are left out, unless no other
     * value occurs: a table without a bounds check must then have an entry for each of them.
     */
    static List<Segment> of(Terminator.Switch choice) {
        List<Segment> all = new ArrayList<>(choice.cases().size());
        for (Terminator.Case one : choice.cases()) {
            if (!choice.exhaustive() && one.to().equals(choice.otherwise())) {
                continue;
            }
            Segment last = all.isEmpty() ? null : all.getLast();
            if (last != null && last.high + 1 == one.low() && last.to.equals(one.to())) {
                all.set(all.size() - 1, new Segment(last.low, one.high(), last.to));
            } else {
                all.add(new Segment(one.low(), one.high(), one.to()));
            }
        }
        return all;
    }

    /** Number of values, 0 if that is 2^64. */
    long count() {
        return high - low + 1;
    }

    /** How many targets there are. */
    static int targets(List<Segment> segments) {
        Set<Target> all = new HashSet<>();
        for (Segment segment : segments) {
            all.add(segment.to);
        }
        return all.size();
    }

    /** How many targets a switch has, where all other values go among them if there are any. */
    static int targets(List<Segment> segments, Terminator.Switch choice) {
        Set<Target> all = new HashSet<>();
        for (Segment segment : segments) {
            all.add(segment.to);
        }
        if (!choice.exhaustive()) {
            all.add(choice.otherwise());
        }
        return all.size();
    }
}
