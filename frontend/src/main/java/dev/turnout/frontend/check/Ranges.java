package dev.turnout.frontend.check;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.TypedExpr;
import java.math.BigInteger;

/**
 * What the form of an unsigned expression says of its largest value: enough for "fits a bit field" and "is below 16" of
 * masks, shifts, bit fields and constants. The real analysis works on SSA; this one only saves the obvious cases a proof.
 */
final class Ranges {
    private Ranges() {}

    /** The largest value that an expression of an unsigned integer type can have; for others that of the type. */
    static BigInteger max(TypedExpr expr) {
        BigInteger type = Numbers.max(expr.type());
        if (expr.type() instanceof Type.Int number && number.signed() && !(expr instanceof TypedExpr.Value)) {
            return type;
        }
        return switch (expr) {
            case TypedExpr.Value value
            when value.value() instanceof Constant.Number number -> Numbers.meaning(expr.type(), number.bits());
            case TypedExpr.Load load
            when load.place() instanceof Place.FieldOf field && field.field().isBitField() ->
                BigInteger.ONE.shiftLeft(field.field().bitSize()).subtract(BigInteger.ONE);
            case TypedExpr.Convert convert
            when convert.conversion() == TypedExpr.Conversion.ZERO_EXTEND
                    || convert.conversion() == TypedExpr.Conversion.TRUNCATE
                    || convert.conversion() == TypedExpr.Conversion.SAME_BITS ->
                Numbers.hasNumbers(convert.operand().type()) && !isSigned(convert.operand())
                        ? max(convert.operand()).min(type)
                        : type;
            case TypedExpr.Binary binary -> binary(binary, type);
            default -> type;
        };
    }

    private static boolean isSigned(TypedExpr expr) {
        return Numbers.carrier(expr.type()).signed();
    }

    private static BigInteger binary(TypedExpr.Binary binary, BigInteger type) {
        return switch (binary.op()) {
            case AND -> max(binary.left()).min(max(binary.right()));
            case UREM -> {
                BigInteger divisor = max(binary.right());
                boolean constant = binary.right() instanceof TypedExpr.Value && divisor.signum() > 0;
                yield constant ? max(binary.left()).min(divisor.subtract(BigInteger.ONE)) : max(binary.left());
            }
            case UDIV -> max(binary.left());
            case LSHR ->
                binary.right() instanceof TypedExpr.Value value && value.value() instanceof Constant.Number count
                        ? max(binary.left()).shiftRight((int) Math.min(count.bits(), 64))
                        : max(binary.left());
            case OR, XOR -> {
                int bits = Math.max(
                        max(binary.left()).bitLength(), max(binary.right()).bitLength());
                yield BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE).min(type);
            }
            case ADD -> {
                // Only where it cannot wrap: then the sum of the largest is the largest.
                BigInteger sum = max(binary.left()).add(max(binary.right()));
                yield sum.compareTo(type) <= 0 ? sum : type;
            }
            case SUB, MUL, SDIV, SREM, SHL, ASHR -> type;
        };
    }
}
