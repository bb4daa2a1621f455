package dev.turnout.verifier.fixpoint;

import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Candidates for the number of rounds of a loop, from the compares that a pass through its body met. A compare whose sides
 * differ by {@code a·κ + r} changes its outcome about {@code κ = -r/a}; that round and its neighbours are worth a try.
 */
final class RoundGuess {
    private static final int MOST = 24;
    private static final long FAR = 1L << 40;
    /** Rounds that a loop may take: what Linux grants its own loops. A loop that ends after hours is none that ends. */
    static final long MOST_ROUNDS = 1L << 23;

    private final int counter;
    private final TreeSet<Long> candidates = new TreeSet<>();
    /** Outer symbols, and by how much this counter may be greater than they are. */
    private final TreeMap<Integer, Long> above = new TreeMap<>();

    RoundGuess(int counter) {
        this.counter = counter;
    }

    /** Notes a compare of {@code x} with {@code y}. */
    void note(Form x, Form y, State state) {
        Form difference = x.minus(y);
        if (difference == null) {
            return;
        }
        long factor = difference.factorOf(counter);
        if (factor == 0) {
            return;
        }
        Form rest = difference.substitute(counter, Form.ZERO);
        if (rest == null) {
            return;
        }
        noteOuter(rest, factor);
        Num range = state.evaluate(rest);
        note(range.sMin(), factor);
        note(range.sMax(), factor);
    }

    /**
     * A compare that turns where this counter meets an outer one, or the number that a count down began with: {@code c·(κ -
     * outer) + k = 0}.
     */
    private void noteOuter(Form rest, long factor) {
        if (rest.terms() == 1 && rest.factorAt(0) == -factor && rest.constant() % factor == 0) {
            above.merge(rest.symbolAt(0), -rest.constant() / factor, Math::max);
        }
    }

    /** Guesses of bounds by outer counters. */
    Map<Integer, Long> above() {
        return above;
    }

    private void note(long rest, long factor) {
        if (Math.abs(rest) >= FAR || rest == Long.MIN_VALUE) {
            return;
        }
        long round = Math.floorDiv(-rest, factor);
        for (long near = round - 1; near <= round + 2; near++) {
            add(near);
        }
    }

    void add(long round) {
        if (round >= 1 && round <= MOST_ROUNDS) {
            candidates.add(round);
            if (candidates.size() > MOST) {
                candidates.pollLast();
            }
        }
    }

    /** The next greater candidate than {@code than}, or {@link LoopHead#ENDLESS}. */
    long after(long than) {
        Long next = candidates.higher(than);
        return next == null ? LoopHead.ENDLESS : next;
    }
}
