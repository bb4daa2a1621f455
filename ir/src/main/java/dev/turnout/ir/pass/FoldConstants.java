package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes what is constant and applies the laws of arithmetic, comparison, choice and addresses; then decides branches and
 * switches on constants.
 *
 * <pre>
 * b0(v0: i32):                            b0(v0: i32):
 *     v1 = const i32 8                        v1 = const i32 8
 *     v2 = udiv i32 v0, v1                    v2 = const i32 3
 *     v3 = sub i32 v2, v2         =>          v3 = lshr i32 v0, v2
 *     v4 = mul i32 v3, v0                     v4 = const i32 0
 *     v5 = add i32 v4, v2                     v5 = const i32 0
 *     return v5                               return v3
 * </pre>
 *
 * <p>The laws stand in {@link ArithmeticLaws}, {@link CompareLaws} and {@link AddressLaws}, each under its equation. Each
 * leads to fewer or cheaper operations, or to the one form that other laws ask for (constants on the right, {@code x - c} as
 * {@code x + -c}), so that they come to an end. One walk in reverse postorder: an operand is simplified before its use.
 * Operations that lost their last use stay for {@link RemoveDeadCode}.
 */
public final class FoldConstants {
    /** Laws applied to one instruction in a row; each makes it simpler, so this is never reached. */
    private static final int MOST = 20;

    private final Draft draft;
    private final Operands operands;
    private final ArithmeticLaws arithmetic;
    private final CompareLaws comparison;
    private final AddressLaws addresses;
    private boolean changed;

    private FoldConstants(Function function) {
        draft = new Draft(function);
        operands = new Operands(draft, new ArrayList<>());
        arithmetic = new ArithmeticLaws(operands);
        comparison = new CompareLaws(operands);
        addresses = new AddressLaws(operands);
    }

    public static Function run(Function function) {
        FoldConstants pass = new FoldConstants(function);
        for (int block : ControlFlowGraph.of(function).order()) {
            pass.block(pass.draft.block(block));
        }
        return pass.changed ? pass.draft.freeze() : function;
    }

    private void block(Draft.DraftBlock block) {
        List<Inst> done = new ArrayList<>(block.insts.size() + 4);
        for (Inst inst : block.insts) {
            operands.emit(done, inst.at());
            inst(inst, done);
        }
        block.insts = done;
        operands.emit(done, block.at);
        Terminator settled = block.terminator.mapValues(draft::resolve);
        block.terminator = terminator(settled);
        changed |= !block.terminator.equals(settled);
    }

    private void inst(Inst inst, List<Inst> done) {
        Operation op = draft.resolve(inst.op());
        for (int i = 0; i < MOST; i++) {
            @Nullable Simpler simpler = simpler(op);
            if (simpler == null) {
                break;
            }
            changed = true;
            switch (simpler) {
                case Simpler.Same same -> {
                    draft.replace(inst.result(), same.value());
                    return;
                }
                case Simpler.Other other -> op = other.operation();
            }
        }
        operands.define(inst.result(), op);
        done.add(op.equals(inst.op()) ? inst : new Inst(inst.result(), op, inst.at()));
    }

    private @Nullable Simpler simpler(Operation op) {
        return switch (op) {
            case Operation.Unary one -> arithmetic.unary(one);
            case Operation.Binary one -> arithmetic.binary(one);
            case Operation.Convert one -> arithmetic.convert(one);
            case Operation.Compare one -> comparison.compare(one);
            case Operation.Select one -> comparison.select(one);
            case Operation.Offset one -> addresses.offset(one);
            case Operation.Difference one -> addresses.difference(one);
            case Operation.Load one -> addresses.load(one);
            case Operation.Store one -> addresses.store(one);
            case Operation.Atomic one -> addresses.atomic(one);
            case Operation.Const _,
                    Operation.Null _,
                    Operation.Slot _,
                    Operation.Address _,
                    Operation.LoadContext _,
                    Operation.Call _,
                    Operation.CallPointer _,
                    Operation.CallHelper _,
                    Operation.CallKernel _,
                    Operation.CallHost _,
                    Operation.Prove _,
                    Operation.Opaque _ -> null;
        };
    }

    private Terminator terminator(Terminator terminator) {
        return switch (terminator) {
            case Terminator.Branch one -> branch(one);
            case Terminator.Switch one -> choice(one);
            case Terminator.Jump _,
                    Terminator.StaticBranch _,
                    Terminator.StaticSwitch _,
                    Terminator.Checked _,
                    Terminator.TailCall _,
                    Terminator.MayGoto _,
                    Terminator.Return _,
                    Terminator.Unreachable _ -> terminator;
        };
    }

    private Terminator branch(Terminator.Branch branch) {
        Long condition = operands.constant(branch.condition());
        if (condition != null) {
            return new Terminator.Jump(condition != 0 ? branch.then() : branch.otherwise());
        }
        if (operands.definition(branch.condition()) instanceof Operation.Binary not
                && not.op() == BinaryOp.XOR
                && operands.isConstant(not.b(), 1)) {
            Terminator.Hint hint = switch (branch.hint()) {
                case NONE -> Terminator.Hint.NONE;
                case LIKELY -> Terminator.Hint.UNLIKELY;
                case UNLIKELY -> Terminator.Hint.LIKELY;
            };
            return new Terminator.Branch(not.a(), /* then= */ branch.otherwise(), /* otherwise= */ branch.then(), hint);
        }
        return branch;
    }

    private Terminator choice(Terminator.Switch choice) {
        Long value = operands.constant(choice.value());
        if (value != null) {
            for (Terminator.Case one : choice.cases()) {
                if (Long.compareUnsigned(one.low(), value) <= 0 && Long.compareUnsigned(value, one.high()) <= 0) {
                    return new Terminator.Jump(one.to());
                }
            }
            return new Terminator.Jump(choice.otherwise());
        }
        if (choice.cases().isEmpty()) {
            return new Terminator.Jump(choice.otherwise());
        }
        if (choice.demand() != Terminator.Demand.AUTO) {
            return choice;
        }
        if (operands.definition(choice.value()) instanceof Operation.Convert convert
                && convert.op() == ConvertOp.ZEXT) {
            return narrowed(choice, convert.a());
        }
        return choice.cases().size() == 1 && !choice.exhaustive() ? single(choice) : choice;
    }

    /** {@code switch zext x} is {@code switch x} without the cases that x does not have. */
    private static Terminator narrowed(Terminator.Switch choice, Value value) {
        long most = Operands.integer(value).mask();
        List<Terminator.Case> cases = new ArrayList<>(choice.cases().size());
        for (Terminator.Case one : choice.cases()) {
            if (Long.compareUnsigned(one.low(), most) <= 0) {
                long high = Long.compareUnsigned(one.high(), most) < 0 ? one.high() : most;
                cases.add(new Terminator.Case(one.low(), high, one.to()));
            }
        }
        return choice.withCases(value, cases, choice.exhaustive());
    }

    /** A switch with one case of one number, or of all from 0 or up to the largest, is a branch. */
    private Terminator single(Terminator.Switch choice) {
        Terminator.Case one = choice.cases().getFirst();
        Type.Int type = Operands.integer(choice.value());
        CompareOp op;
        long number;
        if (one.low() == one.high()) {
            op = CompareOp.EQ;
            number = one.low();
        } else if (one.low() == 0) {
            op = CompareOp.ULE;
            number = one.high();
        } else if (one.high() == type.mask()) {
            op = CompareOp.UGE;
            number = one.low();
        } else {
            return choice;
        }
        Value condition = operands.make(new Operation.Compare(op, choice.value(), operands.constant(type, number)));
        Target then = one.to();
        return new Terminator.Branch(condition, then, choice.otherwise(), Terminator.Hint.NONE);
    }
}
