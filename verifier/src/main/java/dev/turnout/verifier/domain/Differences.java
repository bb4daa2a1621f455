package dev.turnout.verifier.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * Upper bounds on differences of symbols: {@code left - right ≤ most}, over the ideal numbers. One of the two is a counter,
 * which keeps them few; the other is the counter of an outer loop, whose round an inner loop runs up to, or the number that a
 * count down begins with. Immutable.
 */
public record Differences(List<Bound> bounds) {
    public static final Differences NONE = new Differences(List.of());

    /** {@code left - right ≤ most}. */
    public record Bound(int left, int right, long most) {}

    public Differences {
        bounds = List.copyOf(bounds);
    }

    public long most(int left, int right) {
        for (Bound bound : bounds) {
            if (bound.left == left && bound.right == right) {
                return bound.most;
            }
        }
        return Long.MAX_VALUE;
    }

    public Differences with(int left, int right, long most) {
        if (most(left, right) <= most) {
            return this;
        }
        List<Bound> more = new ArrayList<>(bounds.size() + 1);
        for (Bound bound : bounds) {
            if (bound.left != left || bound.right != right) {
                more.add(bound);
            }
        }
        more.add(new Bound(left, right, most));
        return new Differences(more);
    }

    /** Without anything about {@code symbol}. */
    public Differences without(int symbol) {
        if (bounds.isEmpty()) {
            return this;
        }
        List<Bound> rest = new ArrayList<>(bounds);
        rest.removeIf(bound -> bound.left == symbol || bound.right == symbol);
        return new Differences(rest);
    }

    /** What holds of both. */
    public Differences join(Differences other) {
        List<Bound> both = new ArrayList<>();
        for (Bound bound : bounds) {
            long theirs = other.most(bound.left, bound.right);
            if (theirs != Long.MAX_VALUE) {
                both.add(new Bound(bound.left, bound.right, Math.max(bound.most, theirs)));
            }
        }
        return new Differences(both);
    }

    public boolean leq(Differences other) {
        for (Bound bound : other.bounds) {
            if (most(bound.left, bound.right) > bound.most) {
                return false;
            }
        }
        return true;
    }

    /**
     * What the differences add to {@code num} for a form {@code k + a·s - b·t}: with {@code m = min(a, b)} it is {@code k +
     * m·(s - t) + (a - m)·s - (b - m)·t}, and likewise from below with {@code t - s}.
     */
    Num tighten(Form form, Num num, State state) {
        long a = form.factorAt(0);
        long b = form.factorAt(1);
        if (bounds.isEmpty() || (a > 0) == (b > 0)) {
            return num;
        }
        int s = a > 0 ? form.symbolAt(0) : form.symbolAt(1);
        int t = a > 0 ? form.symbolAt(1) : form.symbolAt(0);
        long up = Math.max(a, b);
        long down = -Math.min(a, b);
        long both = Math.min(up, down);
        Num ns = state.symbol(s);
        Num nt = state.symbol(t);
        try {
            // Ideal bounds of both sides first: only if nothing wraps is the machine's number the ideal one.
            long idealMax = Math.addExact(
                    form.constant(),
                    Math.subtractExact(Math.multiplyExact(up, ns.sMax()), Math.multiplyExact(down, nt.sMin())));
            long idealMin = Math.addExact(
                    form.constant(),
                    Math.subtractExact(Math.multiplyExact(up, ns.sMin()), Math.multiplyExact(down, nt.sMax())));
            long rest = Math.subtractExact(
                    Math.multiplyExact(up - both, ns.sMax()), Math.multiplyExact(down - both, nt.sMin()));
            long restMin = Math.subtractExact(
                    Math.multiplyExact(up - both, ns.sMin()), Math.multiplyExact(down - both, nt.sMax()));
            long most = most(s, t);
            long least = most(t, s);
            long high = most == Long.MAX_VALUE
                    ? idealMax
                    : Math.min(
                            idealMax,
                            Math.addExact(form.constant(), Math.addExact(Math.multiplyExact(both, most), rest)));
            long low = least == Long.MAX_VALUE
                    ? idealMin
                    : Math.max(
                            idealMin,
                            Math.addExact(form.constant(), Math.addExact(Math.multiplyExact(both, -least), restMin)));
            return low > high ? Num.bottom() : num.meet(Num.signed(low, high));
        } catch (ArithmeticException overflow) {
            return num;
        }
    }
}
