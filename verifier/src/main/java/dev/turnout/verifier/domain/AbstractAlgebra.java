package dev.turnout.verifier.domain;

import static java.lang.Long.compareUnsigned;

import dev.turnout.bpf.isa.Algebra;
import dev.turnout.bpf.isa.Width;

/**
 * Arithmetic on sets of numbers: with it the rows of the instruction table are the verifier's transfer functions. Sound: a
 * result holds every number that the operation gives on members of its operands. Each operator is at least as precise as
 * Linux 7.2's; where a set of shift counts or bit patterns is small it is gone through one by one.
 */
public final class AbstractAlgebra implements Algebra<Num> {
    public static final AbstractAlgebra INSTANCE = new AbstractAlgebra();

    private static final long LOW = 0xffff_ffffL;
    private static final long MIN = Long.MIN_VALUE;
    private static final long MAX = Long.MAX_VALUE;
    private static final long IMIN = Integer.MIN_VALUE;
    private static final long IMAX = Integer.MAX_VALUE;

    private AbstractAlgebra() {}

    /** Bounds under construction, whole and lower half; starts as "anything". */
    private static final class Bounds {
        private long uMin;
        private long uMax = -1;
        private long sMin = MIN;
        private long sMax = MAX;
        private long uMin32;
        private long uMax32 = LOW;
        private long sMin32 = IMIN;
        private long sMax32 = IMAX;

        void whole(long uLow, long uHigh) {
            uMin = uLow;
            uMax = uHigh;
        }

        void wholeSigned(long low, long high) {
            sMin = low;
            sMax = high;
        }

        /** Ideal bounds of the lower half's result; kept if both fall into the same lap of 2³². */
        void half(long low, long high) {
            if (low >> 32 == high >> 32) {
                uMin32 = low & LOW;
                uMax32 = high & LOW;
            }
        }

        void halfSigned(long low, long high) {
            long lap = (low + (1L << 31)) >> 32;
            if (lap == (high + (1L << 31)) >> 32) {
                sMin32 = low - (lap << 32);
                sMax32 = high - (lap << 32);
            }
        }

        Num result(Width width, Tnum bits) {
            return width == Width.W32
                    ? Num.of32(bits, uMin32, uMax32, sMin32, sMax32)
                    : Num.of(bits, uMin, uMax, sMin, sMax, uMin32, uMax32, sMin32, sMax32);
        }
    }

    @Override
    public Num constant(long value) {
        return Num.constant(value);
    }

    @Override
    public Num add(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Bounds bounds = new Bounds();
        long uLow = a.uMin() + b.uMin();
        long uHigh = a.uMax() + b.uMax();
        boolean lowWraps = compareUnsigned(uLow, a.uMin()) < 0;
        boolean highWraps = compareUnsigned(uHigh, a.uMax()) < 0;
        if (lowWraps == highWraps) {
            bounds.whole(uLow, uHigh);
        }
        long sLow = a.sMin() + b.sMin();
        long sHigh = a.sMax() + b.sMax();
        if (addLap(a.sMin(), b.sMin(), sLow) == addLap(a.sMax(), b.sMax(), sHigh)) {
            bounds.wholeSigned(sLow, sHigh);
        }
        bounds.half(a.uMin32() + b.uMin32(), a.uMax32() + b.uMax32());
        bounds.halfSigned(a.sMin32() + b.sMin32(), a.sMax32() + b.sMax32());
        return bounds.result(width, a.bits().add(b.bits()));
    }

    /** -1, 0 or 1: by how many times 2⁶⁴ the ideal signed sum differs from the wrapped one. */
    private static int addLap(long a, long b, long sum) {
        if (((a ^ sum) & (b ^ sum)) < 0) {
            return a < 0 ? -1 : 1;
        }
        return 0;
    }

    @Override
    public Num subtract(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Bounds bounds = new Bounds();
        boolean lowWraps = compareUnsigned(a.uMin(), b.uMax()) < 0;
        boolean highWraps = compareUnsigned(a.uMax(), b.uMin()) < 0;
        if (lowWraps == highWraps) {
            bounds.whole(a.uMin() - b.uMax(), a.uMax() - b.uMin());
        }
        long sLow = a.sMin() - b.sMax();
        long sHigh = a.sMax() - b.sMin();
        if (subtractLap(a.sMin(), b.sMax(), sLow) == subtractLap(a.sMax(), b.sMin(), sHigh)) {
            bounds.wholeSigned(sLow, sHigh);
        }
        bounds.half(a.uMin32() - b.uMax32(), a.uMax32() - b.uMin32());
        bounds.halfSigned(a.sMin32() - b.sMax32(), a.sMax32() - b.sMin32());
        return bounds.result(width, a.bits().subtract(b.bits()));
    }

    private static int subtractLap(long a, long b, long difference) {
        if (((a ^ b) & (a ^ difference)) < 0) {
            return a < 0 ? -1 : 1;
        }
        return 0;
    }

    @Override
    public Num multiply(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Bounds bounds = new Bounds();
        if (Math.unsignedMultiplyHigh(a.uMax(), b.uMax()) == 0) {
            bounds.whole(a.uMin() * b.uMin(), a.uMax() * b.uMax());
        }
        long[] products = {
            a.sMin() * b.sMin(), a.sMin() * b.sMax(), a.sMax() * b.sMin(), a.sMax() * b.sMax(),
        };
        if (fits(a.sMin(), b.sMin())
                && fits(a.sMin(), b.sMax())
                && fits(a.sMax(), b.sMin())
                && fits(a.sMax(), b.sMax())) {
            bounds.wholeSigned(least(products), greatest(products));
        }
        if (Math.unsignedMultiplyHigh(a.uMax32(), b.uMax32()) == 0 && a.uMax32() * b.uMax32() >= 0) {
            bounds.half(a.uMin32() * b.uMin32(), a.uMax32() * b.uMax32());
        }
        long[] halves = {
            a.sMin32() * b.sMin32(), a.sMin32() * b.sMax32(), a.sMax32() * b.sMin32(), a.sMax32() * b.sMax32(),
        };
        bounds.halfSigned(least(halves), greatest(halves));
        return bounds.result(width, a.bits().multiply(b.bits()));
    }

    private static boolean fits(long a, long b) {
        return Math.multiplyHigh(a, b) == (a * b) >> 63;
    }

    private static long least(long[] of) {
        return Math.min(Math.min(of[0], of[1]), Math.min(of[2], of[3]));
    }

    private static long greatest(long[] of) {
        return Math.max(Math.max(of[0], of[1]), Math.max(of[2], of[3]));
    }

    /** The operand of a 32-bit operation as a number of its own, without sign. */
    private static Num operand(Width width, Num a) {
        return width == Width.W32 ? lowerHalf(a) : a;
    }

    private static Num lowerHalf(Num a) {
        return compareUnsigned(a.uMax(), LOW) <= 0
                ? a
                : Num.of32(a.bits(), a.uMin32(), a.uMax32(), a.sMin32(), a.sMax32());
    }

    /** The lower half with its sign. */
    private static Num signedHalf(Num a) {
        if (a.sMin() >= IMIN && a.sMax() <= IMAX) {
            return a;
        }
        Tnum bits = a.bits().shiftLeft(32).shiftRightArithmetic(32);
        return Num.of(bits, 0, -1, a.sMin32(), a.sMax32(), a.uMin32(), a.uMax32(), a.sMin32(), a.sMax32());
    }

    @Override
    public Num divideUnsigned(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Num dividend = operand(width, a);
        Num divisor = operand(width, b);
        if (divisor.uMax() == 0) {
            return Num.constant(0);
        }
        // A divisor of zero gives zero, so it only pulls the lower end.
        long least = divisor.uMin() == 0 ? 1 : divisor.uMin();
        long low = divisor.uMin() == 0 ? 0 : Long.divideUnsigned(dividend.uMin(), divisor.uMax());
        return Num.unsigned(low, Long.divideUnsigned(dividend.uMax(), least));
    }

    @Override
    public Num divideSigned(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Num dividend = width == Width.W32 ? signedHalf(a) : a;
        Num divisor = width == Width.W32 ? signedHalf(b) : b;
        Num quotient = quotients(dividend, divisor);
        return width == Width.W32 ? lowerHalf(quotient) : quotient;
    }

    private Num quotients(Num dividend, Num divisor) {
        Num all = Num.bottom();
        if (divisor.contains(0)) {
            all = Num.constant(0);
        }
        if (divisor.sMax() > 0) {
            all = all.join(quotients(dividend, Math.max(1, divisor.sMin()), divisor.sMax()));
        }
        if (divisor.contains(-1)) {
            // Of the minimum it is the minimum again: negation knows.
            all = all.join(negate(Width.W64, dividend));
        }
        if (divisor.sMin() < -1) {
            all = all.join(quotients(dividend, divisor.sMin(), Math.min(-2, divisor.sMax())));
        }
        return all;
    }

    /** For divisors of one sign and no wrap the extremes are at corners. */
    private static Num quotients(Num dividend, long low, long high) {
        long[] corners = {
            dividend.sMin() / low, dividend.sMin() / high, dividend.sMax() / low, dividend.sMax() / high,
        };
        return Num.signed(least(corners), greatest(corners));
    }

    @Override
    public Num remainderUnsigned(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Num dividend = operand(width, a);
        Num divisor = operand(width, b);
        if (divisor.isConstant()) {
            long d = divisor.constant();
            if (d == 0 || compareUnsigned(dividend.uMax(), d) < 0) {
                return dividend;
            }
            if (Long.divideUnsigned(dividend.uMin(), d) == Long.divideUnsigned(dividend.uMax(), d)) {
                return Num.unsigned(
                        Long.remainderUnsigned(dividend.uMin(), d), Long.remainderUnsigned(dividend.uMax(), d));
            }
            // x mod d and x agree modulo every power of two that divides d.
            int kept = Long.numberOfTrailingZeros(d);
            Tnum low = dividend.bits().low(kept);
            Tnum bits = kept == 0 ? Tnum.top() : new Tnum(low.value(), low.mask() | -1L << kept);
            return Num.unsigned(0, Num.unsignedMin(d - 1, dividend.uMax())).meet(Num.of(bits));
        }
        if (compareUnsigned(dividend.uMax(), divisor.uMin()) < 0) {
            return dividend;
        }
        long high = divisor.uMin() == 0 ? dividend.uMax() : Num.unsignedMin(dividend.uMax(), divisor.uMax() - 1);
        return Num.unsigned(0, high);
    }

    @Override
    public Num remainderSigned(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Num dividend = width == Width.W32 ? signedHalf(a) : a;
        Num divisor = width == Width.W32 ? signedHalf(b) : b;
        long low = Math.min(0, dividend.sMin());
        long high = Math.max(0, dividend.sMax());
        if (!divisor.contains(0)) {
            // Smaller than the divisor's size, with the dividend's sign; the size of the minimum is 2⁶³.
            long most = divisor.sMin() == MIN ? MAX : Math.max(Math.abs(divisor.sMin()), Math.abs(divisor.sMax())) - 1;
            low = Math.max(low, -most);
            high = Math.min(high, most);
        }
        Num result = Num.signed(low, high);
        if (divisor.isConstant() && (divisor.constant() == 0 || isWithin(dividend, divisor.constant()))) {
            result = dividend;
        }
        return width == Width.W32 ? lowerHalf(result) : result;
    }

    /** Whether every member is smaller in size than {@code d}. */
    private static boolean isWithin(Num a, long d) {
        return d != MIN && a.sMin() > -Math.abs(d) && a.sMax() < Math.abs(d);
    }

    @Override
    public Num and(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Bounds bounds = new Bounds();
        bounds.whole(0, Num.unsignedMin(a.uMax(), b.uMax()));
        bounds.uMax32 = Math.min(a.uMax32(), b.uMax32());
        bitwiseSigned(bounds, a, b);
        return bounds.result(width, a.bits().and(b.bits()));
    }

    @Override
    public Num or(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Bounds bounds = new Bounds();
        bounds.whole(Num.unsignedMax(a.uMin(), b.uMin()), filled(a.uMax() | b.uMax()));
        bounds.uMin32 = Math.max(a.uMin32(), b.uMin32());
        bitwiseSigned(bounds, a, b);
        return bounds.result(width, a.bits().or(b.bits()));
    }

    @Override
    public Num xor(Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return Num.bottom();
        }
        Bounds bounds = new Bounds();
        bounds.whole(0, filled(a.uMax() | b.uMax()));
        bitwiseSigned(bounds, a, b);
        return bounds.result(width, a.bits().xor(b.bits()));
    }

    /** A number that fits n bits with its sign stays so under the bitwise operations. */
    private static void bitwiseSigned(Bounds bounds, Num a, Num b) {
        long size = filled(size(a.sMin()) | size(a.sMax()) | size(b.sMin()) | size(b.sMax()));
        bounds.wholeSigned(~size, size);
        long half = filled(size(a.sMin32()) | size(a.sMax32()) | size(b.sMin32()) | size(b.sMax32()));
        bounds.sMin32 = ~half;
        bounds.sMax32 = half;
    }

    private static long size(long n) {
        return n < 0 ? ~n : n;
    }

    /** All bits set up to the highest one of {@code n}. */
    private static long filled(long n) {
        return n == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(n);
    }

    /** One result a count. */
    private interface Shift {
        Num by(int count);
    }

    private static Num overCounts(Width width, Num count, Shift shift) {
        int last = width.bits() - 1;
        if (count.isConstant()) {
            return shift.by((int) count.constant() & last);
        }
        Num all = Num.bottom();
        for (int n = 0; n <= last; n++) {
            boolean possible = compareUnsigned(count.uMax(), last) <= 0
                    ? count.contains(n)
                    : count.bits().low(width == Width.W32 ? 5 : 6).contains(n);
            if (possible) {
                all = all.join(shift.by(n));
            }
        }
        return all;
    }

    @Override
    public Num shiftLeft(Width width, Num a, Num count) {
        if (a.isBottom() || count.isBottom()) {
            return Num.bottom();
        }
        return overCounts(width, count, n -> left(width, a, n));
    }

    private static Num left(Width width, Num a, int n) {
        if (width == Width.W32) {
            Bounds bounds = new Bounds();
            bounds.half(a.uMin32() << n, a.uMax32() << n);
            if (n < 31) {
                bounds.halfSigned(a.sMin32() << n, a.sMax32() << n);
            }
            return bounds.result(width, a.bits().low(32).shiftLeft(n));
        }
        Bounds bounds = new Bounds();
        if (a.uMax() << n >>> n == a.uMax()) {
            bounds.whole(a.uMin() << n, a.uMax() << n);
        }
        if (a.sMin() << n >> n == a.sMin() && a.sMax() << n >> n == a.sMax()) {
            bounds.wholeSigned(a.sMin() << n, a.sMax() << n);
        }
        if (n < 31) {
            bounds.half(a.uMin32() << n, a.uMax32() << n);
        }
        return bounds.result(width, a.bits().shiftLeft(n));
    }

    @Override
    public Num shiftRightLogical(Width width, Num a, Num count) {
        if (a.isBottom() || count.isBottom()) {
            return Num.bottom();
        }
        Num from = operand(width, a);
        return overCounts(
                width,
                count,
                n -> Num.unsigned(from.uMin() >>> n, from.uMax() >>> n)
                        .meet(Num.of(from.bits().shiftRightLogical(n))));
    }

    @Override
    public Num shiftRightArithmetic(Width width, Num a, Num count) {
        if (a.isBottom() || count.isBottom()) {
            return Num.bottom();
        }
        Num from = width == Width.W32 ? signedHalf(a) : a;
        Num shifted = overCounts(
                width,
                count,
                n -> Num.signed(from.sMin() >> n, from.sMax() >> n)
                        .meet(Num.of(from.bits().shiftRightArithmetic(n))));
        return width == Width.W32 ? lowerHalf(shifted) : shifted;
    }

    @Override
    public Num negate(Width width, Num a) {
        return subtract(width, Num.constant(0), a);
    }

    @Override
    public Num signExtend(Width width, Num a, int bits) {
        if (a.isBottom()) {
            return a;
        }
        long least = -1L << (bits - 1);
        Num extended;
        if (a.sMin() >= least && a.sMax() <= ~least) {
            extended = a;
        } else if (bits == 32) {
            extended = signedHalf(a);
        } else if (a.sMin32() >= least && a.sMax32() <= ~least) {
            extended = signedHalf(a);
        } else {
            int up = 64 - bits;
            extended =
                    Num.signed(least, ~least).meet(Num.of(a.bits().shiftLeft(up).shiftRightArithmetic(up)));
        }
        return width == Width.W32 ? lowerHalf(extended) : extended;
    }

    @Override
    public Num zeroExtend(Num a, int bits) {
        if (bits == 64 || a.isBottom()) {
            return a;
        }
        return bits == 32 ? lowerHalf(a) : and(Width.W64, a, Num.constant((1L << bits) - 1));
    }

    @Override
    public Num reverseBytes(Num a, int bits) {
        if (a.isBottom()) {
            return a;
        }
        return Num.of(a.bits().reverseBytes().shiftRightLogical(64 - bits));
    }
}
