package dev.turnout.frontend.lower;

import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations on numbers that BPF has no instruction for, and atomic ones. Counting bits is by halves that are added (Warren,
 * Hacker's Delight, second edition, section 5-1).
 */
final class Numbers {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Numbers(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    Value lower(Builtin.NumberCall call) {
        List<Value> arguments = new ArrayList<>();
        for (TypedExpr argument : call.arguments()) {
            arguments.add(fn.expressions.value(argument));
        }
        fn.at(call.span());
        Value a = arguments.getFirst();
        Int width = (Int) a.type();
        boolean signed = Shape.signed(call.arguments().getFirst().type());
        return switch (call.operation()) {
            case MIN -> least(signed ? CompareOp.SLT : CompareOp.ULT, a, arguments.get(1));
            case MAX -> least(signed ? CompareOp.SGT : CompareOp.UGT, a, arguments.get(1));
            case POPCOUNT -> popcount(working(a));
            case CLZ -> leadingZeros(a, width);
            case CTZ -> trailingZeros(a, width);
            case BSWAP -> width.bits() == 8 ? a : code.unary(UnaryOp.BSWAP, a);
            case ROTL -> {
                // Counts are taken modulo the width, so a negated count is what is missing to a full turn.
                Value back = code.unary(UnaryOp.NEG, arguments.get(1));
                Value high = code.binary(BinaryOp.SHL, a, arguments.get(1));
                yield code.binary(BinaryOp.OR, high, code.binary(BinaryOp.LSHR, a, back));
            }
        };
    }

    private Value least(CompareOp op, Value a, Value b) {
        return code.emit(new Operation.Select(code.compare(op, a, b), a, b));
    }

    /** 64 bits stay, everything else is counted in 32. */
    private Value working(Value a) {
        return ((Int) a.type()).bits() == 64 ? a : code.resize(a, Int.I32);
    }

    private Value popcount(Value a) {
        Int width = (Int) a.type();
        Value pairs = code.binary(BinaryOp.SUB, a, and(shift(a, 1), 0x5555555555555555L));
        Value fours =
                code.binary(BinaryOp.ADD, and(pairs, 0x3333333333333333L), and(shift(pairs, 2), 0x3333333333333333L));
        Value bytes = and(code.binary(BinaryOp.ADD, fours, shift(fours, 4)), 0x0f0f0f0f0f0f0f0fL);
        // The product's top byte is the sum of all bytes.
        Value sum = code.binary(BinaryOp.MUL, bytes, code.constant(width, 0x0101010101010101L));
        return code.resize(shift(sum, width.bits() - 8), Int.I32);
    }

    /** Ones are spread from the highest one down; what is left zero is what was asked for. */
    private Value leadingZeros(Value a, Int width) {
        Value spread = working(a);
        Int wide = (Int) spread.type();
        for (int by = 1; by < width.bits(); by *= 2) {
            spread = code.binary(BinaryOp.OR, spread, shift(spread, by));
        }
        Value above = and(code.unary(UnaryOp.NOT, spread), width.mask());
        return popcount(wide.bits() == 64 ? above : code.resize(above, Int.I32));
    }

    /** The zeros below the lowest one are the ones of {@code ~a & (a - 1)}; of 0 they are the whole width. */
    private Value trailingZeros(Value a, Int width) {
        Value wide = working(a);
        Value below = code.binary(BinaryOp.SUB, wide, code.constant((Int) wide.type(), 1));
        return popcount(and(code.binary(BinaryOp.AND, code.unary(UnaryOp.NOT, wide), below), width.mask()));
    }

    private Value and(Value a, long mask) {
        return code.binary(BinaryOp.AND, a, code.constant((Int) a.type(), mask));
    }

    private Value shift(Value a, int by) {
        return code.binary(BinaryOp.LSHR, a, code.constant((Int) a.type(), by));
    }

    /** {@code ==} and {@code !=} of byte arrays: the differences of all pieces, put together. */
    Value equalBytes(TypedExpr.Compare compare) {
        Address left = settled(compare.left(), compare.right());
        Address right = fn.expressions.lower(compare.right()).address();
        fn.at(compare.span());
        int size = Shape.size(compare.left().type());
        Value different = code.constant(Int.I64, 0);
        for (int done = 0; done < size; ) {
            int step = Math.min(
                    left.plus(done).widest(size - done), right.plus(done).widest(size - done));
            Int width = new Int(step * 8);
            Value one = code.binary(
                    BinaryOp.XOR,
                    fn.memory.loadNumber(width, left.plus(done), ByteOrder.LITTLE),
                    fn.memory.loadNumber(width, right.plus(done), ByteOrder.LITTLE));
            different = code.binary(BinaryOp.OR, different, code.resize(one, Int.I64));
            done += step;
        }
        return code.compare(compare.op(), different, code.constant(Int.I64, 0));
    }

    /** The left operand where the right one cannot change it any more. */
    private Address settled(TypedExpr left, TypedExpr right) {
        Address at = fn.expressions.lower(left).address();
        if (right instanceof TypedExpr.Load || right instanceof TypedExpr.Value) {
            return at;
        }
        Address copy = fn.slot(left.type(), "left");
        fn.copies.copy(left.type(), at, copy);
        return copy;
    }

    Operand atomic(Builtin.Atomic atomic) {
        Value target = fn.expressions.value(atomic.target());
        List<Value> values = new ArrayList<>();
        for (TypedExpr operand : atomic.operands()) {
            values.add(fn.expressions.value(operand));
        }
        fn.at(atomic.span());
        dev.turnout.frontend.type.Type of =
                ((dev.turnout.frontend.type.Type.Ref) atomic.target().type()).to();
        Value outcome = code.emit(new Operation.Atomic(atomic.op(), Shape.integer(of), target, 0, values));
        return atomic.op().hasResult() && Shape.of(atomic.type()) != Shape.NOTHING
                ? new Operand.Scalar(outcome)
                : Operand.Nothing.NOTHING;
    }
}
