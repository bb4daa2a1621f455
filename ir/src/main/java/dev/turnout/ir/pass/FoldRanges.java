package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the ranges of values decide: comparisons, masks that mask nothing, remainders of what is small enough,
 * branches, and cases that cannot occur. A switch whose cases cover all that can come is exhaustive.
 *
 * <pre>
 * b0(v0: i8):                             b0(v0: i8):
 *     v1 = const i8 3                         v1 = const i8 3
 *     v2 = and i8 v0, v1           =>         v2 = and i8 v0, v1
 *     v3 = const i8 9                         v3 = const i8 9
 *     v4 = ult i8 v2, v3                      v4 = const i1 1
 *     branch v4 ? b1 : b2                     jump b1
 * b1:                                     b1:
 *     v5 = urem i8 v2, v3                     return v2
 *     return v5
 * b2:
 *     return v0
 * </pre>
 *
 * <p>{@link IntervalAnalysis} says the ranges; a block that it does not reach goes. Masks and tests that bound an address stay
 * where only induction makes them needless ({@link AddressBounds}): what is sound to take out here, a verifier must find to be
 * so as well. Costs one run of the analysis, or two.
 */
public final class FoldRanges {
    private final IntervalAnalysis ranges;
    private final AddressBounds bounds;
    private final Draft draft;
    private boolean changed;

    private FoldRanges(Function function) {
        ranges = IntervalAnalysis.of(function);
        bounds = new AddressBounds(function);
        draft = new Draft(function);
    }

    public static Function run(Function function) {
        FoldRanges pass = new FoldRanges(function);
        for (Block block : function.blocks()) {
            if (pass.ranges.reaches(block.label())) {
                pass.block(block);
            }
        }
        return pass.changed ? pass.draft.freeze() : function;
    }

    private Interval range(Value value, Label block) {
        return range(value, block, ranges);
    }

    private static Interval range(Value value, Label block, IntervalAnalysis ranges) {
        return value.type() instanceof Type.Int ? ranges.at(value, block) : Interval.top(Type.Int.I64);
    }

    private void block(Block block) {
        List<Inst> insts = new ArrayList<>(block.insts().size());
        for (Value parameter : block.parameters()) {
            Interval range = range(parameter, block.label());
            if (range.isConstant() && parameter.type() instanceof Type.Int type) {
                Inst constant = draft.inst(new Operation.Const(type, range.low()), block.at());
                insts.add(constant);
                draft.replace(parameter, constant.result());
                changed = true;
            }
        }
        for (Inst inst : block.insts()) {
            Simpler simpler = simpler(inst, block.label());
            changed |= simpler != null;
            switch (simpler) {
                case null -> insts.add(inst);
                case Simpler.Same same -> draft.replace(inst.result(), same.value());
                case Simpler.Other other -> insts.add(new Inst(inst.result(), other.operation(), inst.at()));
            }
        }
        Draft.DraftBlock own = draft.block(block.label());
        own.insts = insts;
        Terminator now = terminator(block.terminator(), block.label());
        changed |= !now.equals(block.terminator());
        own.terminator = now;
    }

    private @Nullable Simpler simpler(Inst inst, Label block) {
        Simpler found = simpler(inst, block, ranges);
        // A number that becomes a constant is a bound by itself; what is replaced by its operand, or a test by its
        // outcome, is none.
        boolean unbinds = found instanceof Simpler.Same
                || (found != null && inst.result().type().equals(Type.Int.I1));
        if (!unbinds) {
            return found;
        }
        Simpler sure = simpler(inst, block, bounds.ranges());
        return Objects.equals(found, sure) || !bounds.concerns(inst.result()) ? found : sure;
    }

    private static @Nullable Simpler simpler(Inst inst, Label block, IntervalAnalysis ranges) {
        Operation op = inst.op();
        if (op.effect() != Effect.PURE || op instanceof Operation.Const || !(op.type() instanceof Type.Int type)) {
            return null;
        }
        Interval range = range(inst.result(), block, ranges);
        if (range.isConstant()) {
            return Simpler.number(type, range.low());
        }
        return switch (op) {
            case Operation.Binary binary ->
                binary(binary, range(binary.a(), block, ranges), range(binary.b(), block, ranges));
            // sext x = zext x, if the sign of x is 0
            case Operation.Convert convert
            when convert.op() == ConvertOp.SEXT
                    && range(convert.a(), block, ranges).signedLow() >= 0 ->
                Simpler.other(new Operation.Convert(ConvertOp.ZEXT, convert.a(), type));
            default -> null;
        };
    }

    private static @Nullable Simpler binary(Operation.Binary op, Interval a, Interval b) {
        if (a.isEmpty() || b.isEmpty()) {
            return null;
        }
        boolean positive = a.signedLow() >= 0 && b.signedLow() >= 0;
        return switch (op.op()) {
            // x & c = x, if c keeps every bit that x can have
            case AND -> b.isConstant() && (a.zeros() | b.low()) == a.type().mask() ? Simpler.same(op.a()) : null;
            // x % c = x, if x < c
            case UREM -> a.isBelow(b.low()) ? Simpler.same(op.a()) : null;
            case SREM -> positive ? Simpler.other(new Operation.Binary(BinaryOp.UREM, op.a(), op.b())) : null;
            case SDIV -> positive ? Simpler.other(new Operation.Binary(BinaryOp.UDIV, op.a(), op.b())) : null;
            case ASHR -> a.signedLow() >= 0 ? Simpler.other(new Operation.Binary(BinaryOp.LSHR, op.a(), op.b())) : null;
            case ADD, SUB, MUL, UDIV, OR, XOR, SHL, LSHR -> null;
        };
    }

    private Terminator terminator(Terminator terminator, Label block) {
        if (terminator instanceof Terminator.Branch branch) {
            Interval condition = range(branch.condition(), block);
            if (condition.isConstant() && bounds.concerns(branch.condition())) {
                condition = range(branch.condition(), block, bounds.ranges());
            }
            return condition.isConstant()
                    ? new Terminator.Jump(condition.low() != 0 ? branch.then() : branch.otherwise())
                    : branch;
        }
        return terminator instanceof Terminator.Switch choice
                ? cases(choice, range(choice.value(), block))
                : terminator;
    }

    private Terminator cases(Terminator.Switch choice, Interval range) {
        if (range.isEmpty()) {
            return choice;
        }
        List<Terminator.Case> cases = new ArrayList<>(choice.cases().size());
        long next = range.low();
        boolean whole = true;
        for (Terminator.Case one : choice.cases()) {
            boolean possible = Long.compareUnsigned(one.high(), range.low()) >= 0
                    && Long.compareUnsigned(one.low(), range.high()) <= 0;
            if (!possible) {
                continue;
            }
            cases.add(one);
            whole &= Long.compareUnsigned(one.low(), next) <= 0;
            next = one.high() + 1;
        }
        whole &= !cases.isEmpty() && Long.compareUnsigned(cases.getLast().high(), range.high()) >= 0;
        boolean exhaustive = choice.exhaustive() || whole;
        return cases.size() == choice.cases().size() && exhaustive == choice.exhaustive()
                ? choice
                : choice.withCases(choice.value(), cases, exhaustive);
    }
}
