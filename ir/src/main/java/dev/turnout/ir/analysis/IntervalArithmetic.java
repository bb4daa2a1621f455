package dev.turnout.ir.analysis;

import static dev.turnout.ir.analysis.Interval.maxUnsigned;
import static dev.turnout.ir.analysis.Interval.minUnsigned;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import java.util.Optional;

/**
 * Arithmetic on intervals: each result contains every number that the operation gives for numbers in its operands. Known
 * bits of sums and differences follow Vishwanathan and others, "Sound, Precise, and Fast Abstract Interpretation with
 * Tristate Numbers" (2022).
 */
final class IntervalArithmetic {
    private IntervalArithmetic() {}

    static Interval apply(BinaryOp op, Interval a, Interval b) {
        Type.Int type = a.type();
        if (a.isEmpty() || b.isEmpty()) {
            return Interval.bottom(type);
        }
        if (a.isConstant() && b.isConstant()) {
            return Interval.of(type, op.apply(type, a.low(), b.low()));
        }
        return switch (op) {
            case ADD -> add(a, b);
            case SUB -> subtract(a, b);
            case MUL -> multiply(a, b);
            case UDIV -> divide(a, b);
            case UREM -> remainder(a, b);
            case SDIV -> bothPositive(a, b) ? divide(a, b) : Interval.top(type);
            case SREM -> bothPositive(a, b) ? remainder(a, b) : signedRemainder(a, b);
            case AND ->
                Interval.bits(type, a.zeros() | b.zeros(), a.ones() & b.ones())
                        .meet(Interval.of(type, 0, minUnsigned(a.high(), b.high())));
            case OR ->
                Interval.bits(type, a.zeros() & b.zeros(), a.ones() | b.ones())
                        .meet(Interval.of(type, maxUnsigned(a.low(), b.low()), type.mask()));
            case XOR ->
                Interval.bits(
                        type,
                        (a.zeros() & b.zeros()) | (a.ones() & b.ones()),
                        (a.zeros() & b.ones()) | (a.ones() & b.zeros()));
            case SHL -> shiftLeft(a, count(b));
            case LSHR -> {
                Interval count = count(b);
                int least = (int) count.low();
                Interval range = Interval.of(type, a.low() >>> count.high(), a.high() >>> least);
                yield count.isConstant()
                        ? range.meet(
                                Interval.bits(type, a.zeros() >>> least | ~(type.mask() >>> least), a.ones() >>> least))
                        : range;
            }
            case ASHR -> {
                Interval count = count(b);
                long low = Math.min(a.signedLow() >> count.low(), a.signedLow() >> count.high());
                long high = Math.max(a.signedHigh() >> count.low(), a.signedHigh() >> count.high());
                yield Interval.signed(type, low, high);
            }
        };
    }

    private static boolean bothPositive(Interval a, Interval b) {
        return a.signedLow() >= 0 && b.signedLow() >= 0;
    }

    /** Shift counts are taken modulo the width. */
    private static Interval count(Interval b) {
        long most = b.type().bits() - 1L;
        return Long.compareUnsigned(b.high(), most) <= 0
                ? b
                : b.isConstant() ? Interval.of(b.type(), b.low() & most) : Interval.of(b.type(), 0, most);
    }

    private static Interval add(Interval a, Interval b) {
        Type.Int type = a.type();
        long unknownA = ~(a.zeros() | a.ones()) & type.mask();
        long unknownB = ~(b.zeros() | b.ones()) & type.mask();
        long sum = a.ones() + b.ones();
        long carries = (unknownA + unknownB + sum) ^ sum;
        long unknown = carries | unknownA | unknownB;
        Interval result = Interval.bits(type, ~sum & ~unknown, sum & ~unknown);
        long low = a.low() + b.low();
        long high = a.high() + b.high();
        boolean lowCarries = carries(type, a.low(), b.low());
        if (lowCarries == carries(type, a.high(), b.high())) {
            result = result.meet(Interval.of(type, type.truncate(low), type.truncate(high)));
        }
        if (signedAddFits(type, a.signedLow(), b.signedLow()) && signedAddFits(type, a.signedHigh(), b.signedHigh())) {
            result = result.meet(Interval.signed(type, a.signedLow() + b.signedLow(), a.signedHigh() + b.signedHigh()));
        }
        return result;
    }

    private static boolean carries(Type.Int type, long a, long b) {
        return type.bits() == 64 ? Long.compareUnsigned(a + b, a) < 0 : a + b > type.mask();
    }

    private static boolean signedAddFits(Type.Int type, long a, long b) {
        long sum = a + b;
        return type.bits() == 64 ? ((a ^ sum) & (b ^ sum)) >= 0 : type.signed(type.truncate(sum)) == sum;
    }

    private static boolean signedSubtractFits(Type.Int type, long a, long b) {
        long difference = a - b;
        return type.bits() == 64
                ? ((a ^ b) & (a ^ difference)) >= 0
                : type.signed(type.truncate(difference)) == difference;
    }

    private static Interval subtract(Interval a, Interval b) {
        Type.Int type = a.type();
        long unknownA = ~(a.zeros() | a.ones()) & type.mask();
        long unknownB = ~(b.zeros() | b.ones()) & type.mask();
        long difference = a.ones() - b.ones();
        long borrows = (difference + unknownA) ^ (difference - unknownB);
        long unknown = borrows | unknownA | unknownB;
        Interval result = Interval.bits(type, ~difference & ~unknown, difference & ~unknown);
        long low = a.low() - b.high();
        long high = a.high() - b.low();
        boolean lowBorrows = Long.compareUnsigned(a.low(), b.high()) < 0;
        if (lowBorrows == Long.compareUnsigned(a.high(), b.low()) < 0) {
            result = result.meet(Interval.of(type, type.truncate(low), type.truncate(high)));
        }
        if (signedSubtractFits(type, a.signedLow(), b.signedHigh())
                && signedSubtractFits(type, a.signedHigh(), b.signedLow())) {
            result = result.meet(Interval.signed(type, a.signedLow() - b.signedHigh(), a.signedHigh() - b.signedLow()));
        }
        return result;
    }

    private static Interval multiply(Interval a, Interval b) {
        Type.Int type = a.type();
        int trailing = Math.min(type.bits(), trailingZeros(a) + trailingZeros(b));
        Interval result = Interval.bits(type, trailing == 64 ? -1L : (1L << trailing) - 1, 0);
        boolean fits = Math.unsignedMultiplyHigh(a.high(), b.high()) == 0
                && Long.compareUnsigned(a.high() * b.high(), type.mask()) <= 0;
        return fits ? result.meet(Interval.of(type, a.low() * b.low(), a.high() * b.high())) : result;
    }

    /** Lowest bits that are known to be 0. */
    private static int trailingZeros(Interval a) {
        return Math.min(a.type().bits(), Long.numberOfTrailingZeros(~a.zeros()));
    }

    /** x / 0 is 0. */
    private static Interval divide(Interval a, Interval b) {
        return b.low() == 0
                ? Interval.of(a.type(), 0, a.high())
                : Interval.of(a.type(), Long.divideUnsigned(a.low(), b.high()), Long.divideUnsigned(a.high(), b.low()));
    }

    /** x % 0 is x. */
    private static Interval remainder(Interval a, Interval b) {
        if (b.low() == 0) {
            return Interval.of(a.type(), 0, a.high());
        }
        if (Long.compareUnsigned(a.high(), b.low()) < 0) {
            return a;
        }
        return Interval.of(a.type(), 0, minUnsigned(a.high(), b.high() - 1));
    }

    private static Interval signedRemainder(Interval a, Interval b) {
        if (!b.isConstant() || b.low() == 0 || b.signedLow() == Interval.signedMinimum(b.type())) {
            return Interval.top(a.type());
        }
        long most = Math.abs(b.signedLow()) - 1;
        return Interval.signed(a.type(), a.signedLow() >= 0 ? 0 : -most, a.signedHigh() <= 0 ? 0 : most);
    }

    private static Interval shiftLeft(Interval a, Interval count) {
        Type.Int type = a.type();
        int most = (int) count.high();
        Interval result = Interval.top(type);
        if (count.isConstant()) {
            result = Interval.bits(type, a.zeros() << most | ((1L << most) - 1), a.ones() << most);
        }
        long shifted = type.truncate(a.high() << most);
        boolean fits = shifted >>> most == a.high();
        return fits ? result.meet(Interval.of(type, a.low() << count.low(), shifted)) : result;
    }

    static Interval apply(UnaryOp op, Interval a) {
        Type.Int type = a.type();
        if (a.isEmpty()) {
            return a;
        }
        return switch (op) {
            case NEG -> apply(BinaryOp.SUB, Interval.of(type, 0), a);
            case NOT ->
                apply(BinaryOp.XOR, a, Interval.of(type, -1))
                        .meet(Interval.of(type, ~a.high() & type.mask(), ~a.low() & type.mask()));
            case BSWAP -> Interval.bits(type, op.apply(type, a.zeros()), op.apply(type, a.ones()));
        };
    }

    static Interval apply(ConvertOp op, Interval a, Type.Int to) {
        if (a.isEmpty()) {
            return Interval.bottom(to);
        }
        Type.Int from = a.type();
        return switch (op) {
            case ZEXT ->
                Interval.reduced(
                        to,
                        a.low(),
                        a.high(),
                        Interval.signedMinimum(to),
                        Interval.signedMaximum(to),
                        a.zeros() | (to.mask() & ~from.mask()),
                        a.ones());
            case SEXT -> Interval.signed(to, a.signedLow(), a.signedHigh());
            case TRUNC -> {
                Interval result = Interval.bits(to, a.zeros(), a.ones());
                // The part above the new width is the same at both ends: so it is between them.
                if (a.low() >>> to.bits() == a.high() >>> to.bits()) {
                    result = result.meet(Interval.of(to, to.truncate(a.low()), to.truncate(a.high())));
                }
                boolean fits = to.signed(to.truncate(a.signedLow())) == a.signedLow()
                        && to.signed(to.truncate(a.signedHigh())) == a.signedHigh();
                yield fits ? result.meet(Interval.signed(to, a.signedLow(), a.signedHigh())) : result;
            }
        };
    }

    /** Whether the comparison holds for all numbers, or for none; empty if that is open. */
    static Optional<Boolean> decide(CompareOp op, Interval a, Interval b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        return switch (op) {
            case EQ ->
                a.isConstant() && b.isConstant() && a.low() == b.low()
                        ? Optional.of(true)
                        : a.meet(b).isEmpty() ? Optional.of(false) : Optional.empty();
            case ULT ->
                Long.compareUnsigned(a.high(), b.low()) < 0
                        ? Optional.of(true)
                        : Long.compareUnsigned(a.low(), b.high()) >= 0 ? Optional.of(false) : Optional.empty();
            case ULE -> decide(CompareOp.ULT, b, a).map(holds -> !holds);
            case SLT ->
                a.signedHigh() < b.signedLow()
                        ? Optional.of(true)
                        : a.signedLow() >= b.signedHigh() ? Optional.of(false) : Optional.empty();
            case SLE -> decide(CompareOp.SLT, b, a).map(holds -> !holds);
            case NE, UGE, SGE -> decide(op.negated(), a, b).map(holds -> !holds);
            case UGT, SGT -> decide(op.swapped(), b, a);
        };
    }

    /** The numbers of {@code a} for which the comparison with some number of {@code b} holds. */
    static Interval refine(CompareOp op, Interval a, Interval b) {
        Type.Int type = a.type();
        if (a.isEmpty() || b.isEmpty()) {
            return Interval.bottom(type);
        }
        long mask = type.mask();
        return switch (op) {
            case EQ -> a.meet(b);
            case NE -> b.isConstant() ? without(a, b.low()) : a;
            case ULT -> b.high() == 0 ? Interval.bottom(type) : a.meet(Interval.of(type, 0, b.high() - 1));
            case ULE -> a.meet(Interval.of(type, 0, b.high()));
            case UGT -> b.low() == mask ? Interval.bottom(type) : a.meet(Interval.of(type, b.low() + 1, mask));
            case UGE -> a.meet(Interval.of(type, b.low(), mask));
            case SLT ->
                b.signedHigh() == Interval.signedMinimum(type)
                        ? Interval.bottom(type)
                        : a.meet(Interval.signed(type, Interval.signedMinimum(type), b.signedHigh() - 1));
            case SLE -> a.meet(Interval.signed(type, Interval.signedMinimum(type), b.signedHigh()));
            case SGT ->
                b.signedLow() == Interval.signedMaximum(type)
                        ? Interval.bottom(type)
                        : a.meet(Interval.signed(type, b.signedLow() + 1, Interval.signedMaximum(type)));
            case SGE -> a.meet(Interval.signed(type, b.signedLow(), Interval.signedMaximum(type)));
        };
    }

    /** Takes a number out, which an interval can say only of its ends. */
    static Interval without(Interval a, long value) {
        Type.Int type = a.type();
        if (a.isEmpty() || (a.isConstant() && a.low() == value)) {
            return Interval.bottom(type);
        }
        long low = a.low() == value ? a.low() + 1 : a.low();
        long high = a.high() == value ? a.high() - 1 : a.high();
        long signed = type.signed(value);
        long signedLow = a.signedLow() == signed ? signed + 1 : a.signedLow();
        long signedHigh = a.signedHigh() == signed ? signed - 1 : a.signedHigh();
        return Interval.reduced(type, low, high, signedLow, signedHigh, a.zeros(), a.ones());
    }
}
