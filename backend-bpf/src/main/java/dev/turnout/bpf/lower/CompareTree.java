package dev.turnout.bpf.lower;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A switch as comparisons: a balanced tree that halves the segments until few are left, which are then asked for one by
 * one. On the way down it keeps between which values the operand can still lie, so that a segment that fills its part needs
 * no test and one at its edge needs one. Values that go to one target and lie within 64 of each other are asked for all at
 * once: a constant with a bit for each is shifted by the value.
 */
final class CompareTree {
    /** Asked for one by one up to this many: a halving would cost as much. */
    private static final int LINEAR = 3;

    /** From this many segments on, one bit test is shorter than that many comparisons. */
    private static final int BIT_TEST = 4;

    private final Draft draft;
    private final Value value;
    private final Type.Int type;
    private final Target otherwise;
    private final Location at;
    private int depth;
    private boolean tested;

    CompareTree(Draft draft, Value value, Target otherwise, Location at) {
        this.draft = draft;
        this.value = value;
        this.type = (Type.Int) value.type();
        this.otherwise = otherwise;
        this.at = at;
    }

    /** Comparisons on the longest way. */
    int depth() {
        return depth;
    }

    /** Whether bit tests are among them. */
    boolean hasBitTest() {
        return tested;
    }

    /** What a table's row of the report says behind the table. */
    String forOutliers(int count) {
        return ", and a tree of depth " + depth + " for " + count + (count == 1 ? " outlier" : " outliers");
    }

    /** Where to go to find the target of the value. */
    Target build(List<Segment> segments) {
        return build(segments, 0, type.mask(), 0);
    }

    private Target build(List<Segment> segments, long low, long high, int above) {
        depth = Math.max(depth, above);
        if (segments.isEmpty()) {
            return otherwise;
        }
        Segment first = segments.getFirst();
        if (isBitTest(segments)) {
            return bitTest(segments, low, high, above);
        }
        if (segments.size() == 1) {
            return single(first, low, high, above, otherwise);
        }
        if (segments.size() <= LINEAR && !fills(segments, low, high)) {
            Target rest = build(segments.subList(1, segments.size()), low, high, above + 1);
            return single(first, low, high, above, rest);
        }
        int middle = segments.size() / 2;
        long at = segments.get(middle).low();
        Target below = build(segments.subList(0, middle), low, at - 1, above + 1);
        Target from = build(segments.subList(middle, segments.size()), at, high, above + 1);
        return test(CompareOp.ULT, value, at, below, from, new ArrayList<>());
    }

    /** Whether the segments are asked for all at once. */
    static boolean isBitTest(List<Segment> segments) {
        return segments.size() >= BIT_TEST
                && Segment.targets(segments) == 1
                && Long.compareUnsigned(
                                segments.getLast().high() - segments.getFirst().low(), 64)
                        < 0;
    }

    /** Whether no value between the bounds is left to others: then halving needs one comparison fewer than asking. */
    private static boolean fills(List<Segment> segments, long low, long high) {
        if (segments.getFirst().low() != low || segments.getLast().high() != high) {
            return false;
        }
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i - 1).high() + 1 != segments.get(i).low()) {
                return false;
            }
        }
        return true;
    }

    private Target single(Segment one, long low, long high, int above, Target rest) {
        boolean fromLow = one.low() == low;
        boolean toHigh = one.high() == high;
        if (fromLow && toHigh) {
            return one.to();
        }
        depth = Math.max(depth, above + 1);
        if (one.low() == one.high()) {
            return test(CompareOp.EQ, value, one.low(), one.to(), rest, new ArrayList<>());
        }
        if (fromLow) {
            return test(CompareOp.ULE, value, one.high(), one.to(), rest, new ArrayList<>());
        }
        if (toHigh) {
            return test(CompareOp.UGE, value, one.low(), one.to(), rest, new ArrayList<>());
        }
        List<Inst> insts = new ArrayList<>();
        Value moved = minus(one.low(), insts);
        return test(CompareOp.ULE, moved, one.high() - one.low(), one.to(), rest, insts);
    }

    private Value minus(long low, List<Inst> insts) {
        if (low == 0) {
            return value;
        }
        Value constant = draft.emit(insts, new Operation.Const(type, low), at);
        return draft.emit(insts, new Operation.Binary(BinaryOp.SUB, value, constant), at);
    }

    private Target test(CompareOp op, Value a, long b, Target then, Target rest, List<Inst> insts) {
        if (then.equals(rest)) {
            return then;
        }
        Value constant = draft.emit(insts, new Operation.Const(type, b), at);
        Value holds = draft.emit(insts, new Operation.Compare(op, a, constant), at);
        Label label = draft.add(List.of(), insts, new Terminator.Branch(holds, then, rest, Terminator.Hint.NONE), at);
        return Target.to(label);
    }

    /** {@code if v - low > span goto otherwise; if (bits >> (v - low)) & 1 goto target}. */
    private Target bitTest(List<Segment> segments, long low, long high, int above) {
        tested = true;
        long from = segments.getFirst().low();
        long span = segments.getLast().high() - from;
        if (segments.getLast().high() < 64 && segments.getLast().high() >= 0) {
            from = 0; // no subtraction then
            span = segments.getLast().high();
        }
        long bits = 0;
        for (Segment segment : segments) {
            for (long v = segment.low(); v <= segment.high(); v++) {
                bits |= 1L << (v - from);
            }
        }
        depth = Math.max(depth, above + 2);
        List<Inst> insts = new ArrayList<>();
        Value mask = draft.emit(insts, new Operation.Const(Type.Int.I64, bits), at);
        List<Inst> before = new ArrayList<>();
        Value index = minus(from, before);
        Value wide = type.bits() == 64
                ? index
                : draft.emit(
                        before, new Operation.Convert(dev.turnout.ir.model.ConvertOp.ZEXT, index, Type.Int.I64), at);
        Value shifted = draft.emit(insts, new Operation.Binary(BinaryOp.LSHR, mask, wide), at);
        Value one = draft.emit(insts, new Operation.Const(Type.Int.I64, 1), at);
        Value bit = draft.emit(insts, new Operation.Binary(BinaryOp.AND, shifted, one), at);
        Value zero = draft.emit(insts, new Operation.Const(Type.Int.I64, 0), at);
        Value set = draft.emit(insts, new Operation.Compare(CompareOp.NE, bit, zero), at);
        Label test = draft.add(
                List.of(),
                insts,
                new Terminator.Branch(set, segments.getFirst().to(), otherwise, Terminator.Hint.NONE),
                at);
        if (low >= from && Long.compareUnsigned(high - from, span) <= 0) {
            before.addAll(insts);
            return Target.to(draft.add(
                    List.of(),
                    before,
                    new Terminator.Branch(set, segments.getFirst().to(), otherwise, Terminator.Hint.NONE),
                    at));
        }
        return test(CompareOp.ULE, index, span, Target.to(test), otherwise, before);
    }
}
