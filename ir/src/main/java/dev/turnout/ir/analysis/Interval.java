package dev.turnout.ir.analysis;

import dev.turnout.ir.model.Type;

/**
 * What is known of an integer: a range without sign, a range with sign, and bits that are known. A number is in the
 * interval if all three allow it. The three inform each other, so that each is as narrow as the others make it; if they
 * contradict each other, the interval is empty: control does not come there.
 *
 * @param type width of the number
 * @param low smallest value, unsigned
 * @param high largest value, unsigned
 * @param signedLow smallest value when the highest bit is a sign
 * @param signedHigh largest value when the highest bit is a sign
 * @param zeros bits that are known to be 0, within the width
 * @param ones bits that are known to be 1
 */
public record Interval(Type.Int type, long low, long high, long signedLow, long signedHigh, long zeros, long ones) {

    /** All numbers of the width. */
    public static Interval top(Type.Int type) {
        return new Interval(type, 0, type.mask(), signedMinimum(type), signedMaximum(type), 0, 0);
    }

    /** No number. */
    public static Interval bottom(Type.Int type) {
        return new Interval(type, 1, 0, 1, 0, 0, 0);
    }

    /** One number. */
    public static Interval of(Type.Int type, long value) {
        long cut = type.truncate(value);
        return new Interval(type, cut, cut, type.signed(cut), type.signed(cut), ~cut & type.mask(), cut);
    }

    /** {@code low} to {@code high}, both included, unsigned. */
    public static Interval of(Type.Int type, long low, long high) {
        return reduced(type, low, high, signedMinimum(type), signedMaximum(type), 0, 0);
    }

    /** {@code low} to {@code high}, both included, signed. */
    public static Interval signed(Type.Int type, long low, long high) {
        return reduced(type, 0, type.mask(), low, high, 0, 0);
    }

    /** Numbers of which some bits are known. */
    static Interval bits(Type.Int type, long zeros, long ones) {
        return reduced(
                type,
                0,
                type.mask(),
                signedMinimum(type),
                signedMaximum(type),
                zeros & type.mask(),
                ones & type.mask());
    }

    static long signedMinimum(Type.Int type) {
        return -1L << (type.bits() - 1);
    }

    static long signedMaximum(Type.Int type) {
        return ~signedMinimum(type);
    }

    /** Lets the three kinds of knowledge inform each other; twice is enough for what one of them can learn. */
    static Interval reduced(
            Type.Int type, long low, long high, long signedLow, long signedHigh, long zeros, long ones) {
        long mask = type.mask();
        for (int round = 0; round < 2; round++) {
            low = maxUnsigned(low, ones);
            high = minUnsigned(high, ~zeros & mask);
            // Multiples of a power of two: the ends are such multiples too.
            long stride = zeros == -1L ? -1L : Long.lowestOneBit(~zeros) - 1;
            high &= ~stride;
            if (Long.compareUnsigned(low, high) < 0) {
                low = (low + stride) & ~stride;
            }
            boolean contradiction =
                    (zeros & ones) != 0 || Long.compareUnsigned(low, high) > 0 || signedLow > signedHigh;
            if (contradiction) {
                return bottom(type);
            }
            // Bits above the highest one in which the ends differ are those of every number between.
            long differing = low ^ high;
            long common = differing == 0 ? mask : mask & ~((Long.highestOneBit(differing) << 1) - 1);
            zeros |= ~low & common;
            ones |= low & common;
            if (type.signed(low) <= type.signed(high) && (type.signed(low) < 0) == (type.signed(high) < 0)) {
                signedLow = Math.max(signedLow, type.signed(low));
                signedHigh = Math.min(signedHigh, type.signed(high));
            }
            if (signedLow >= 0 || signedHigh < 0) {
                low = maxUnsigned(low, type.truncate(signedLow));
                high = minUnsigned(high, type.truncate(signedHigh));
            }
        }
        if (Long.compareUnsigned(low, high) > 0 || signedLow > signedHigh) {
            return bottom(type);
        }
        return new Interval(type, low, high, signedLow, signedHigh, zeros, ones);
    }

    /** Whether no number is in it. */
    public boolean isEmpty() {
        return Long.compareUnsigned(low, high) > 0;
    }

    public boolean isTop() {
        return equals(top(type));
    }

    /** Whether exactly one number is in it: {@link #low}. */
    public boolean isConstant() {
        return low == high;
    }

    /** Whether every number in it is below {@code bound}, unsigned. True of the empty interval. */
    public boolean isBelow(long bound) {
        return isEmpty() || Long.compareUnsigned(high, bound) < 0;
    }

    public boolean contains(long value) {
        return Long.compareUnsigned(low, value) <= 0
                && Long.compareUnsigned(value, high) <= 0
                && signedLow <= type.signed(value)
                && type.signed(value) <= signedHigh
                && (value & zeros) == 0
                && (~value & ones) == 0;
    }

    /** The smallest interval around both. */
    public Interval join(Interval other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        return reduced(
                type,
                minUnsigned(low, other.low),
                maxUnsigned(high, other.high),
                Math.min(signedLow, other.signedLow),
                Math.max(signedHigh, other.signedHigh),
                zeros & other.zeros,
                ones & other.ones);
    }

    /** What is in both. */
    public Interval meet(Interval other) {
        if (isEmpty() || other.isEmpty()) {
            return bottom(type);
        }
        return reduced(
                type,
                maxUnsigned(low, other.low),
                minUnsigned(high, other.high),
                Math.max(signedLow, other.signedLow),
                Math.min(signedHigh, other.signedHigh),
                zeros | other.zeros,
                ones | other.ones);
    }

    /**
     * An interval around {@code next} that a chain of such steps cannot enlarge for long: an end that moved goes on to the
     * next threshold. {@code next} must lie around this one.
     */
    Interval widen(Interval next, long[] thresholds) {
        if (isEmpty()) {
            return next;
        }
        long newLow = low;
        long newHigh = high;
        long newSignedLow = signedLow;
        long newSignedHigh = signedHigh;
        if (Long.compareUnsigned(next.low, low) < 0) {
            newLow = 0;
            for (long one : thresholds) {
                if (Long.compareUnsigned(one, next.low) <= 0) {
                    newLow = maxUnsigned(newLow, one);
                }
            }
        }
        if (Long.compareUnsigned(next.high, high) > 0) {
            newHigh = type.mask();
            for (long one : thresholds) {
                if (Long.compareUnsigned(one, next.high) >= 0) {
                    newHigh = minUnsigned(newHigh, one);
                }
            }
        }
        if (next.signedLow < signedLow) {
            newSignedLow = signedMinimum(type);
            for (long one : thresholds) {
                long signed = type.signed(one);
                if (type.truncate(one) == one && signed <= next.signedLow) {
                    newSignedLow = Math.max(newSignedLow, signed);
                }
            }
        }
        if (next.signedHigh > signedHigh) {
            newSignedHigh = signedMaximum(type);
            for (long one : thresholds) {
                long signed = type.signed(one);
                if (type.truncate(one) == one && signed >= next.signedHigh) {
                    newSignedHigh = Math.min(newSignedHigh, signed);
                }
            }
        }
        // Known bits in the middle would pull the ends back, a bit a step; known zeros at the bottom (a stride) are
        // stable.
        long stride = zeros & next.zeros;
        long aligned = stride == -1L ? -1L : Long.lowestOneBit(~stride) - 1;
        return reduced(type, newLow, newHigh, newSignedLow, newSignedHigh, aligned & type.mask(), 0);
    }

    static long minUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    static long maxUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /** {@code 3}, {@code 0..=15}, {@code -2..=7}, {@code none} or {@code any}. */
    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        if (isConstant()) {
            return Long.toUnsignedString(low);
        }
        if (low == 0 && high == type.mask()) {
            return signedLow == signedMinimum(type) && signedHigh == signedMaximum(type)
                    ? "any"
                    : signedLow + "..=" + signedHigh;
        }
        return Long.toUnsignedString(low) + "..=" + Long.toUnsignedString(high);
    }
}
