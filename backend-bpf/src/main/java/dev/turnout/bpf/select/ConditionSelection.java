package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W32;
import static dev.turnout.bpf.isa.Width.W64;
import static dev.turnout.bpf.machine.MachineInsn.NONE;

import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import org.jspecify.annotations.Nullable;

/** Conditions as branches test them, and choices between two values. */
final class ConditionSelection {
    private final ValueRegisters values;
    private final ArithmeticSelection arithmetic;

    ConditionSelection(ValueRegisters values, ArithmeticSelection arithmetic) {
        this.values = values;
        this.arithmetic = arithmetic;
    }

    Condition condition(Value value) {
        Value root = values.uses.root(value);
        if (values.uses.definition(root) instanceof Operation.Compare compare && values.uses.onlyCondition(root)) {
            return condition(compare);
        }
        return new Condition(JumpOp.JNE, W64, values.reg(root), NONE, 0, false);
    }

    Condition condition(Operation.Compare compare) {
        Value a = compare.a();
        Value b = compare.b();
        JumpOp op = jump(compare.op());
        if (values.isMade(a) && !values.isMade(b)) {
            a = compare.b();
            b = compare.a();
            op = op.swapped();
        }
        Width width = ValueRegisters.width(a);
        boolean narrowSigned = compare.op().signed() && a.type() instanceof Type.Int type && type.bits() < 32;
        if (narrowSigned) {
            int left = values.out.newRegister();
            arithmetic.signExtended(a, 32, left);
            Operation.Const constant = values.uses.constant(b);
            if (constant != null) {
                return new Condition(op, W32, left, NONE, (int) constant.type().signed(constant.value()), false);
            }
            int right = values.out.newRegister();
            arithmetic.signExtended(b, 32, right);
            return new Condition(op, W32, left, right, 0, false);
        }
        Operation left = values.uses.definition(a);
        Operation right = values.uses.definition(b);
        if (right instanceof Operation.Const || right instanceof Operation.Null) {
            long value = right instanceof Operation.Const constant ? constant.value() : 0;
            if (value == 0 && left instanceof Operation.Binary and && values.uses.onlyTestedForZero(a, and)) {
                return bitTest(and, op);
            }
            if (left instanceof Operation.Load load && values.uses.wantsMemoryOrder(values.uses.root(a), load)) {
                value = Long.reverseBytes(value) >>> (64 - ValueRegisters.bits(a));
            }
            if (width == W32 || ValueRegisters.fits(value)) {
                return new Condition(op, width, values.reg(a), NONE, (int) value, false);
            }
            return new Condition(op, width, values.reg(a), values.shared(value), 0, false);
        }
        return new Condition(op, width, values.reg(a), values.reg(b), 0, false);
    }

    /** {@code (x & y) == 0} or {@code != 0}. JSET says "some bit"; "no bit" is its inverse. */
    Condition bitTest(Operation.Binary and, JumpOp asked) {
        Value a = values.uses.constant(and.a()) != null ? and.b() : and.a();
        Value b = values.uses.constant(and.a()) != null ? and.a() : and.b();
        Width width = ValueRegisters.width(a);
        Operation.Const constant = values.uses.constant(b);
        boolean inverse = asked == JumpOp.JEQ;
        if (constant != null && (width == W32 || ValueRegisters.fits(constant.value()))) {
            return new Condition(JumpOp.JSET, width, values.reg(a), NONE, (int) constant.value(), inverse);
        }
        if (constant != null && constant.value() >>> 32 == 0) {
            return new Condition(JumpOp.JSET, W32, values.reg(a), NONE, (int) constant.value(), inverse);
        }
        return new Condition(JumpOp.JSET, width, values.reg(a), values.reg(b), 0, inverse);
    }

    static JumpOp jump(dev.turnout.ir.model.CompareOp op) {
        return switch (op) {
            case EQ -> JumpOp.JEQ;
            case NE -> JumpOp.JNE;
            case ULT -> JumpOp.JLT;
            case ULE -> JumpOp.JLE;
            case UGT -> JumpOp.JGT;
            case UGE -> JumpOp.JGE;
            case SLT -> JumpOp.JSLT;
            case SLE -> JumpOp.JSLE;
            case SGT -> JumpOp.JSGT;
            case SGE -> JumpOp.JSGE;
        };
    }

    /**
     * {@code result = condition ? a : b}, or 1 and 0. One side is put in place at once, a branch then skips the other; the
     * one that goes first is the one whose move is likelier to vanish.
     */
    void choose(Value result, Condition condition, @Nullable Value a, @Nullable Value b) {
        int dst = values.out.newRegister();
        boolean firstIsA = true;
        if (a != null && b != null) {
            firstIsA = values.isMade(a) == values.isMade(b)
                    ? values.uses.affinity(result, a) >= values.uses.affinity(result, b)
                    : !values.isMade(a);
        }
        side(firstIsA ? a : b, firstIsA ? 1 : 0, dst);
        MachineBlock other = values.out.newBlock(values.current.depth());
        MachineBlock join = values.out.newBlock(values.current.depth());
        values.current.end(
                firstIsA
                        ? condition.branch(join.number(), other.number())
                        : condition.branch(other.number(), join.number()),
                values.here);
        values.current = other;
        side(firstIsA ? b : a, firstIsA ? 0 : 1, dst);
        other.end(new MachineEnd.Jump(join.number()), values.here);
        values.current = join;
        int known = a == null || b == null ? 1 : Math.max(values.known(a), values.known(b));
        // Arms are exposed if the result is, so there is nothing to clear.
        values.register[result.index()] = dst;
        values.significant[result.index()] = known;
    }

    void side(@Nullable Value value, int truth, int dst) {
        if (value == null) {
            values.emit(new MachineInsn.Constant(dst, truth));
        } else {
            values.into(value, dst);
        }
    }
}
