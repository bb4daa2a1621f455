package dev.turnout.ir.analysis;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * Reads facts off the way that was taken: of the condition, of what it compares, and of what those are computed from
 * ({@code zext x} below 16 says that {@code x} is).
 */
final class BranchFacts {
    /** What a packet can be long: a bounds test of an offset beyond it does not hold. */
    private static final long MOST_PACKET = 0xffff;

    private final IntervalAnalysis analysis;
    private final int block;
    private final IntervalAnalysis.Facts facts;

    /** @param block where the way begins; facts go to {@code facts} */
    BranchFacts(IntervalAnalysis analysis, int block, IntervalAnalysis.Facts facts) {
        this.analysis = analysis;
        this.block = block;
        this.facts = facts;
    }

    /** The terminator went to its target number {@code target}. */
    void taken(Terminator terminator, int target) {
        switch (terminator) {
            case Terminator.Branch one -> {
                if (!one.then().block().equals(one.otherwise().block())
                        || !one.then().arguments().equals(one.otherwise().arguments())) {
                    holds(one.condition(), target == 0, 4);
                }
            }
            case Terminator.Switch one -> {
                if (!(one.value().type() instanceof Type.Int type)) {
                    return;
                }
                if (target < one.cases().size()) {
                    Terminator.Case taken = one.cases().get(target);
                    within(one.value(), Interval.of(type, taken.low(), taken.high()), 4);
                } else {
                    otherwise(one, type);
                }
            }
            case Terminator.Checked one -> {
                if (target == 0) {
                    within(one.offset(), Interval.of(Type.Int.I64, 0, MOST_PACKET), 4);
                }
            }
            case Terminator.Jump _,
                    Terminator.StaticBranch _,
                    Terminator.StaticSwitch _,
                    Terminator.TailCall _,
                    Terminator.MayGoto _,
                    Terminator.Return _,
                    Terminator.Unreachable _ -> {}
        }
    }

    /** None of the cases was it: those at the ends of the interval are cut off. */
    private void otherwise(Terminator.Switch one, Type.Int type) {
        Interval left = known(one.value());
        for (Terminator.Case taken : one.cases()) {
            if (left.isEmpty() || Long.compareUnsigned(left.low(), taken.low()) < 0) {
                break;
            }
            if (Long.compareUnsigned(left.low(), taken.high()) <= 0) {
                left = taken.high() == type.mask()
                        ? Interval.bottom(type)
                        : left.meet(Interval.of(type, taken.high() + 1, type.mask()));
            }
        }
        for (int i = one.cases().size() - 1; i >= 0 && !left.isEmpty(); i--) {
            Terminator.Case taken = one.cases().get(i);
            if (Long.compareUnsigned(left.high(), taken.high()) > 0) {
                break;
            }
            if (Long.compareUnsigned(left.high(), taken.low()) >= 0) {
                left = taken.low() == 0 ? Interval.bottom(type) : left.meet(Interval.of(type, 0, taken.low() - 1));
            }
        }
        within(one.value(), left, 4);
    }

    private Interval known(Value value) {
        return analysis.known(value, block, facts);
    }

    /** A truth value is so. */
    void holds(Value condition, boolean truth, int depth) {
        within(condition, Interval.of(Type.Int.I1, truth ? 1 : 0), 0);
        if (depth == 0) {
            return;
        }
        @Nullable Operation op = analysis.definition(condition);
        if (op instanceof Operation.Compare compare && compare.a().type() instanceof Type.Int) {
            var relation = truth ? compare.op() : compare.op().negated();
            Interval a = known(compare.a());
            Interval b = known(compare.b());
            within(compare.a(), IntervalArithmetic.refine(relation, a, b), depth - 1);
            within(compare.b(), IntervalArithmetic.refine(relation.swapped(), b, a), depth - 1);
        } else if (op instanceof Operation.Binary binary) {
            // Both of an "and" hold if it holds; both of an "or" fail if it fails.
            if ((binary.op() == BinaryOp.AND && truth) || (binary.op() == BinaryOp.OR && !truth)) {
                holds(binary.a(), truth, depth - 1);
                holds(binary.b(), truth, depth - 1);
            } else if (binary.op() == BinaryOp.XOR && known(binary.b()).isConstant()) {
                holds(binary.a(), truth == (known(binary.b()).low() == 0), depth - 1);
            }
        } else if (op instanceof Operation.Unary unary) {
            // Of one bit, "not" inverts and "neg" does nothing.
            holds(unary.a(), truth == (unary.op() == UnaryOp.NEG), depth - 1);
        } else if (op instanceof Operation.Select select) {
            // `a && b` as a select: c ? b : false. Holding, it chose the side that can hold.
            Interval a = known(select.a());
            Interval b = known(select.b());
            long excluded = truth ? 0 : 1;
            if (b.isConstant() && b.low() == excluded) {
                holds(select.condition(), true, depth - 1);
                holds(select.a(), truth, depth - 1);
            } else if (a.isConstant() && a.low() == excluded) {
                holds(select.condition(), false, depth - 1);
                holds(select.b(), truth, depth - 1);
            }
        }
    }

    /** A value lies in an interval; what that says of the values it is computed from is noted too. */
    void within(Value value, Interval interval, int depth) {
        Interval before = known(value);
        Interval now = before.meet(interval);
        if (before.isEmpty()) {
            // Not computed yet, or contradictory already: nothing can be concluded, and nothing can be taken.
            facts.contradiction = true;
            return;
        }
        if (now.equals(before)) {
            return;
        }
        facts.add(value, now);
        if (depth == 0 || now.isEmpty()) {
            return;
        }
        @Nullable Operation op = analysis.definition(value);
        if (op instanceof Operation.Convert convert && convert.a().type() instanceof Type.Int from) {
            Interval source = known(convert.a());
            switch (convert.op()) {
                case ZEXT -> within(convert.a(), narrow(now, from), depth - 1);
                case SEXT -> within(convert.a(), IntervalArithmetic.apply(ConvertOp.TRUNC, now, from), depth - 1);
                case TRUNC -> {
                    // Only if nothing was cut off is the number the same.
                    if (source.isBelow(now.type().mask())
                            || source.high() == now.type().mask()) {
                        within(convert.a(), IntervalArithmetic.apply(ConvertOp.ZEXT, now, from), depth - 1);
                    }
                }
            }
        } else if (op instanceof Operation.Binary binary) {
            Interval b = known(binary.b());
            if (!b.isConstant()) {
                return;
            }
            Type.Int type = now.type();
            switch (binary.op()) {
                case ADD -> within(binary.a(), IntervalArithmetic.apply(BinaryOp.SUB, now, b), depth - 1);
                case SUB -> within(binary.a(), IntervalArithmetic.apply(BinaryOp.ADD, now, b), depth - 1);
                case XOR -> within(binary.a(), IntervalArithmetic.apply(BinaryOp.XOR, now, b), depth - 1);
                case LSHR -> {
                    int count = (int) (b.low() & (type.bits() - 1));
                    long low = now.low() << count;
                    long high = (now.high() << count) | ((1L << count) - 1);
                    within(binary.a(), Interval.of(type, low, type.truncate(high)), depth - 1);
                }
                case OR -> within(binary.a(), Interval.of(type, 0, now.high()), depth - 1);
                case AND -> within(binary.a(), Interval.of(type, now.low(), type.mask()), depth - 1);
                case MUL, UDIV, SDIV, UREM, SREM, SHL, ASHR -> {}
            }
        }
    }

    /** The numbers of an interval that a narrower type has. */
    private static Interval narrow(Interval wide, Type.Int to) {
        return Long.compareUnsigned(wide.low(), to.mask()) > 0
                ? Interval.bottom(to)
                : Interval.of(to, wide.low(), Interval.minUnsigned(wide.high(), to.mask()));
    }
}
