package dev.turnout.bpf.lower;

import dev.turnout.ir.model.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a switch's cases that a table takes: consecutive values of which enough are cases. Values are a circle, so that
 * -2 to 2 of a signed operand are five neighbours although they are the two ends of the unsigned numbers.
 *
 * @param base the value of entry 0
 * @param inside in the order of entries; what lies between them are holes
 * @param rest the other segments, sorted, unsigned
 * @param entries length of the table
 * @param values how many entries are cases
 */
record Window(long base, List<Segment> inside, List<Segment> rest, int entries, long values) {
    Window {
        inside = List.copyOf(inside);
        rest = List.copyOf(rest);
    }

    /** Whether the window goes over from the highest number to 0. */
    boolean wraps() {
        return Long.compareUnsigned(inside.getLast().high(), base) < 0;
    }

    /** The same with entries from 0 on, if enough of them stay cases: a subtraction costs more than some entries. */
    Window fromZero(int density, int limit) {
        long span = inside.getLast().high() + 1;
        boolean alone = rest.isEmpty() || Long.compareUnsigned(rest.getFirst().low(), base) > 0;
        return wraps() || span <= 0 || span > limit || values * 100 < span * density || !alone
                ? this
                : new Window(0, inside, rest, (int) span, values);
    }

    /** The same with at least so many entries: the last ones are holes. */
    Window withEntries(int least) {
        return new Window(base, inside, rest, Math.max(entries, least), values);
    }

    /**
     * The window with most values of at least {@code fewest} segments, at least {@code density} percent and at most {@code
     * limit} entries; null if there is none.
     */
    static @Nullable Window densest(List<Segment> segments, Type.Int type, int fewest, int density, int limit) {
        Window unsigned = densestInOrder(segments, segments, type, fewest, density, limit);
        Window signed = densestInOrder(signedOrder(segments, type), segments, type, fewest, density, limit);
        return unsigned == null || (signed != null && signed.values > unsigned.values) ? signed : unsigned;
    }

    /** The shortest window with all segments; null if it would be longer than {@code limit}. */
    static @Nullable Window ofAll(List<Segment> segments, Type.Int type, int limit) {
        long unsigned = span(segments, type);
        long signed = span(signedOrder(segments, type), type);
        boolean natural = unsigned > 0 && (signed <= 0 || unsigned <= signed);
        long span = natural ? unsigned : signed;
        if (span <= 0 || span > limit) {
            return null;
        }
        List<Segment> order = natural ? segments : signedOrder(segments, type);
        return new Window(order.getFirst().low(), order, List.of(), (int) span, values(order));
    }

    /** How many entries a table of all segments would have; 0 for 2^64. */
    static long leastSpan(List<Segment> segments, Type.Int type) {
        long unsigned = span(segments, type);
        long signed = span(signedOrder(segments, type), type);
        return Long.compareUnsigned(signed - 1, unsigned - 1) < 0 ? signed : unsigned;
    }

    private static long span(List<Segment> order, Type.Int type) {
        return type.truncate(order.getLast().high() - order.getFirst().low()) + 1;
    }

    /** How many values the segments have. */
    static long values(List<Segment> segments) {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.count();
        }
        return sum;
    }

    /** Negative numbers first; the same list if there are none, or none else. */
    private static List<Segment> signedOrder(List<Segment> segments, Type.Int type) {
        int first = 0;
        while (first < segments.size() && type.signed(segments.get(first).low()) >= 0) {
            first++;
        }
        if (first == 0 || first == segments.size()) {
            return segments;
        }
        List<Segment> order = new ArrayList<>(segments.subList(first, segments.size()));
        order.addAll(segments.subList(0, first));
        return order;
    }

    private static @Nullable Window densestInOrder(
            List<Segment> order, List<Segment> all, Type.Int type, int fewest, int density, int limit) {
        int bestFrom = 0;
        int bestTo = 0;
        long most = 0;
        for (int from = 0; from < order.size(); from++) {
            long values = 0;
            for (int to = from; to < order.size(); to++) {
                long span = type.truncate(order.get(to).high() - order.get(from).low()) + 1;
                if (span <= 0 || span > limit) {
                    break;
                }
                values += order.get(to).count();
                if (to - from + 1 >= fewest && values * 100 >= span * density && values > most) {
                    bestFrom = from;
                    bestTo = to + 1;
                    most = values;
                }
            }
        }
        if (most == 0) {
            return null;
        }
        List<Segment> inside = order.subList(bestFrom, bestTo);
        List<Segment> rest = new ArrayList<>(all);
        rest.removeAll(inside);
        return new Window(inside.getFirst().low(), inside, rest, (int) span(inside, type), most);
    }
}
