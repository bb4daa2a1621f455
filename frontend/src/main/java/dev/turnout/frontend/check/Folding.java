package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedExpr.Conversion;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.UnaryOp;

/**
 * Builds expressions, computing at once those whose operands are constants. The arithmetic is that of the IR's own rows, so
 * that a folded expression and a compiled one cannot differ.
 */
final class Folding {
    private Folding() {}

    private static dev.turnout.ir.model.Type.Int machine(Type type) {
        return new dev.turnout.ir.model.Type.Int(
                type instanceof Type.Bool ? 1 : Numbers.carrier(type).bits());
    }

    private static boolean bothNumbers(TypedExpr a, TypedExpr b) {
        return a instanceof TypedExpr.Value one
                && b instanceof TypedExpr.Value other
                && one.value() instanceof Constant.Number
                && other.value() instanceof Constant.Number;
    }

    private static long bits(TypedExpr expr) {
        return ((Constant.Number) ((TypedExpr.Value) expr).value()).bits();
    }

    static TypedExpr binary(BinaryOp op, TypedExpr left, TypedExpr right, Type type, Span span) {
        if (bothNumbers(left, right)) {
            long result = op.apply(machine(type), bits(left), bits(right));
            return new TypedExpr.Value(new Constant.Number(result), type, span);
        }
        return new TypedExpr.Binary(op, left, right, type, span);
    }

    static TypedExpr unary(UnaryOp op, TypedExpr operand, Span span) {
        if (operand instanceof TypedExpr.Value value && value.value() instanceof Constant.Number number) {
            long result = op.apply(machine(operand.type()), number.bits());
            return new TypedExpr.Value(new Constant.Number(result), operand.type(), span);
        }
        return new TypedExpr.Unary(op, operand, operand.type(), span);
    }

    static TypedExpr not(TypedExpr operand, Span span) {
        return operand instanceof TypedExpr.Value value && value.value() instanceof Constant.Number number
                ? bool(number.bits() == 0, span)
                : new TypedExpr.Not(operand, Type.Bool.BOOL, span);
    }

    static TypedExpr compare(CompareOp op, TypedExpr left, TypedExpr right, Span span) {
        if (bothNumbers(left, right)) {
            return bool(op.test(machine(left.type()), bits(left), bits(right)), span);
        }
        if (left instanceof TypedExpr.Value a
                && right instanceof TypedExpr.Value b
                && a.value() instanceof Constant.Bytes
                && b.value() instanceof Constant.Bytes) {
            return bool(a.value().equals(b.value()) == (op == CompareOp.EQ), span);
        }
        return new TypedExpr.Compare(op, left, right, Type.Bool.BOOL, span);
    }

    static TypedExpr logical(boolean and, TypedExpr left, TypedExpr right, Span span) {
        if (left instanceof TypedExpr.Value && bothNumbers(left, right)) {
            boolean a = bits(left) != 0;
            boolean b = bits(right) != 0;
            return bool(and ? a && b : a || b, span);
        }
        return new TypedExpr.Logical(and, left, right, Type.Bool.BOOL, span);
    }

    static TypedExpr.Value bool(boolean value, Span span) {
        return new TypedExpr.Value(new Constant.Number(value ? 1 : 0), Type.Bool.BOOL, span);
    }

    static TypedExpr convert(Conversion conversion, TypedExpr operand, Type type, Span span) {
        if (operand instanceof TypedExpr.Value value && value.value() instanceof Constant.Number number) {
            return new TypedExpr.Value(
                    new Constant.Number(convert(conversion, operand.type(), number.bits(), type)), type, span);
        }
        return new TypedExpr.Convert(conversion, operand, type, span);
    }

    /** The bits that a number has after a conversion between types with numbers. */
    static long convert(Conversion conversion, Type from, long bits, Type to) {
        dev.turnout.ir.model.Type.Int target = machine(to);
        return switch (conversion) {
            case TRUNCATE, ZERO_EXTEND, SAME_BITS, TO_NETWORK, TO_HOST -> target.truncate(bits);
            case SIGN_EXTEND -> target.truncate(machine(from).signed(bits));
            case WRAP, CONSTANT_VIEW -> throw new IllegalArgumentException(conversion + " is not of numbers");
        };
    }
}
