package dev.turnout.verifier.domain;

import static java.lang.Long.compareUnsigned;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a 64-bit number: a {@link Tnum}, an unsigned and a signed interval, and the two intervals of its lower
 * 32 bits, reduced against each other: what one of the five knows about the bounds of another, that one knows too. Empty
 * ({@link #bottom}) when they contradict, which is how dead branches are seen.
 *
 * <p>Immutable. All bounds are inclusive; those of the lower half are kept as the numbers they mean, so {@code uMin32} is 0
 * to 2³²-1 and {@code sMin32} is -2³¹ to 2³¹-1.
 */
public final class Num {
    private static final long LOW = 0xffff_ffffL;
    private static final Num BOTTOM = new Num(Tnum.constant(0), 1, 0, 1, 0, 1, 0, 1, 0);
    private static final Num TOP =
            new Num(Tnum.top(), 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0, LOW, Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final Num[] SMALL = smallConstants();

    private final Tnum bits;
    private final long uMin;
    private final long uMax;
    private final long sMin;
    private final long sMax;
    private final long uMin32;
    private final long uMax32;
    private final long sMin32;
    private final long sMax32;

    private Num(
            Tnum bits, long uMin, long uMax, long sMin, long sMax, long uMin32, long uMax32, long sMin32, long sMax32) {
        this.bits = bits;
        this.uMin = uMin;
        this.uMax = uMax;
        this.sMin = sMin;
        this.sMax = sMax;
        this.uMin32 = uMin32;
        this.uMax32 = uMax32;
        this.sMin32 = sMin32;
        this.sMax32 = sMax32;
    }

    private static Num[] smallConstants() {
        Num[] all = new Num[64];
        for (int i = 0; i < all.length; i++) {
            all[i] = exactly(i);
        }
        return all;
    }

    private static Num exactly(long n) {
        return new Num(Tnum.constant(n), n, n, n, n, n & LOW, n & LOW, (int) n, (int) n);
    }

    public static Num top() {
        return TOP;
    }

    public static Num bottom() {
        return BOTTOM;
    }

    public static Num constant(long value) {
        return value >= 0 && value < SMALL.length ? SMALL[(int) value] : exactly(value);
    }

    /** All numbers from {@code low} to {@code high}, unsigned. */
    public static Num unsigned(long low, long high) {
        return reduce(
                TOP.bits, low, high, Long.MIN_VALUE, Long.MAX_VALUE, 0, LOW, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** All numbers from {@code low} to {@code high}, signed. */
    public static Num signed(long low, long high) {
        return reduce(TOP.bits, 0, -1, low, high, 0, LOW, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** All numbers of this many bits, without sign. */
    public static Num ofBits(int bits) {
        return bits == 64 ? TOP : unsigned(0, (1L << bits) - 1);
    }

    /** All members of a tnum. */
    public static Num of(Tnum bits) {
        return reduce(bits, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0, LOW, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** The numbers that satisfy all five descriptions. */
    static Num of(
            Tnum bits, long uMin, long uMax, long sMin, long sMax, long uMin32, long uMax32, long sMin32, long sMax32) {
        return reduce(bits, uMin, uMax, sMin, sMax, uMin32, uMax32, sMin32, sMax32);
    }

    /** The numbers below 2³² whose lower half satisfies the three descriptions. */
    static Num of32(Tnum bits, long uMin32, long uMax32, long sMin32, long sMax32) {
        return reduce(bits.low(32), 0, LOW, 0, LOW, uMin32, uMax32, sMin32, sMax32);
    }

    /**
     * Lets every component tighten the others until nothing changes. Each step only drops numbers that some component
     * excludes, so the set that is described stays the same; four rounds suffice in practice, and stopping early is sound.
     */
    private static Num reduce(
            Tnum bits, long uMin, long uMax, long sMin, long sMax, long uMin32, long uMax32, long sMin32, long sMax32) {
        for (int round = 0; round < 6; round++) {
            long[] w = {uMin, uMax, sMin, sMax};
            if (!alignSigns(w, Long.MIN_VALUE)) {
                return BOTTOM;
            }
            long[] h = {uMin32, uMax32, sMin32, sMax32};
            if (!alignSigns32(h)) {
                return BOTTOM;
            }
            // The whole tells of its lower half when the upper half does not vary.
            if (w[0] >>> 32 == w[1] >>> 32) {
                h[0] = Math.max(h[0], w[0] & LOW);
                h[1] = Math.min(h[1], w[1] & LOW);
            }
            if (w[2] >> 32 == w[3] >> 32) {
                h[0] = Math.max(h[0], w[2] & LOW);
                h[1] = Math.min(h[1], w[3] & LOW);
            }
            // A signed range that fits an int is the lower half's signed range.
            if (w[2] >= Integer.MIN_VALUE && w[3] <= Integer.MAX_VALUE) {
                h[2] = Math.max(h[2], w[2]);
                h[3] = Math.min(h[3], w[3]);
            }
            if (h[0] > h[1] || h[2] > h[3]) {
                return BOTTOM;
            }
            if (!liftLowerHalf(w, h[0], h[1])) {
                return BOTTOM;
            }
            Tnum fromWhole = Tnum.range(w[0], w[1]);
            if (bits.disjoint(fromWhole)) {
                return BOTTOM;
            }
            Tnum met = bits.meet(fromWhole);
            Tnum half = Tnum.range(h[0], h[1]);
            Tnum fromHalf = new Tnum(half.value(), half.mask() | ~LOW);
            if (met.disjoint(fromHalf)) {
                return BOTTOM;
            }
            met = met.meet(fromHalf);
            if (!alignToBits(w, h, met)) {
                return BOTTOM;
            }
            boolean stable = met.equals(bits)
                    && w[0] == uMin
                    && w[1] == uMax
                    && w[2] == sMin
                    && w[3] == sMax
                    && h[0] == uMin32
                    && h[1] == uMax32
                    && h[2] == sMin32
                    && h[3] == sMax32;
            bits = met;
            uMin = w[0];
            uMax = w[1];
            sMin = w[2];
            sMax = w[3];
            uMin32 = h[0];
            uMax32 = h[1];
            sMin32 = h[2];
            sMax32 = h[3];
            if (stable) {
                break;
            }
        }
        return new Num(bits, uMin, uMax, sMin, sMax, uMin32, uMax32, sMin32, sMax32);
    }

    /**
     * Intersects an unsigned interval with a signed one: the numbers without sign lie in one piece, those with sign in
     * another, and each interval's ends are the outer ends of the pieces that are not empty. False if both are.
     */
    private static boolean alignSigns(long[] w, long sign) {
        // Piece of numbers without sign: both orders agree on it.
        long pLow = compareUnsigned(w[0], Math.max(w[2], 0)) > 0 ? w[0] : Math.max(w[2], 0);
        long pHigh = w[3] < 0 ? -1 : compareUnsigned(w[1], w[3]) < 0 ? w[1] : w[3];
        boolean p = w[3] >= 0 && pLow >= 0 && pLow <= pHigh;
        // Piece of numbers with sign, likewise.
        long nLowSigned = w[2] < 0 ? w[2] : sign;
        long nLow = compareUnsigned(w[0], nLowSigned) > 0 ? w[0] : nLowSigned;
        long nHighSigned = w[3] < 0 ? w[3] : -1;
        long nHigh = compareUnsigned(w[1], nHighSigned) < 0 ? w[1] : nHighSigned;
        boolean n = w[2] < 0 && nHigh < 0 && nLow < 0 && nLow <= nHigh;
        if (compareUnsigned(w[0], w[1]) > 0 || w[2] > w[3] || (!p && !n)) {
            return false;
        }
        w[0] = p ? pLow : nLow;
        w[1] = n ? nHigh : pHigh;
        w[2] = n ? nLow : pLow;
        w[3] = p ? pHigh : nHigh;
        return true;
    }

    /** The same for a lower half, whose unsigned bounds are kept as positive numbers. */
    private static boolean alignSigns32(long[] h) {
        if (h[0] > h[1] || h[2] > h[3]) {
            return false;
        }
        long wrap = 1L << 32;
        long half = 1L << 31;
        long pLow = Math.max(h[0], Math.max(h[2], 0));
        long pHigh = Math.min(Math.min(h[1], half - 1), h[3]);
        boolean p = pLow <= pHigh;
        long nLow = Math.max(Math.max(h[0] - wrap, -half), h[2]);
        long nHigh = Math.min(Math.min(h[1] - wrap, -1), h[3]);
        boolean n = nLow <= nHigh;
        if (!p && !n) {
            return false;
        }
        h[0] = p ? pLow : nLow + wrap;
        h[1] = n ? nHigh + wrap : pHigh;
        h[2] = n ? nLow : pLow;
        h[3] = p ? pHigh : nHigh;
        return true;
    }

    /** Moves the ends of the wide intervals inward to the next numbers whose lower half is within its bounds. */
    private static boolean liftLowerHalf(long[] w, long low, long high) {
        if (low == 0 && high == LOW) {
            return true;
        }
        for (int i = 0; i < 4; i += 2) {
            boolean isSigned = i == 2;
            long min = w[i];
            long minLow = min & LOW;
            if (minLow < low) {
                min = (min & ~LOW) | low;
            } else if (minLow > high) {
                long next = (min & ~LOW) + (1L << 32);
                if (isSigned ? next < min : compareUnsigned(next, min) < 0) {
                    return false;
                }
                min = next | low;
            }
            long max = w[i + 1];
            long maxLow = max & LOW;
            if (maxLow > high) {
                max = (max & ~LOW) | high;
            } else if (maxLow < low) {
                long next = (max & ~LOW) - (1L << 32);
                if (isSigned ? next > max : compareUnsigned(next, max) > 0) {
                    return false;
                }
                max = next | high;
            }
            if (isSigned ? min > max : compareUnsigned(min, max) > 0) {
                return false;
            }
            w[i] = min;
            w[i + 1] = max;
        }
        return true;
    }

    /** Moves all ends inward to members of the tnum. */
    private static boolean alignToBits(long[] w, long[] h, Tnum bits) {
        if (bits.mask() == -1) {
            return true;
        }
        Tnum flipped = bits.flipSign();
        Tnum low = bits.low(32);
        Tnum lowFlipped = new Tnum(low.value() ^ (1L << 31 & ~low.mask()), low.mask());
        if (!bits.reaches(w[0]) || !bits.complement().reaches(~w[1])) {
            return false;
        }
        w[0] = bits.ceiling(w[0]);
        w[1] = bits.floor(w[1]);
        long sLow = w[2] ^ Long.MIN_VALUE;
        long sHigh = w[3] ^ Long.MIN_VALUE;
        if (!flipped.reaches(sLow) || !flipped.complement().reaches(~sHigh)) {
            return false;
        }
        w[2] = flipped.ceiling(sLow) ^ Long.MIN_VALUE;
        w[3] = flipped.floor(sHigh) ^ Long.MIN_VALUE;
        if (!low.reaches(h[0]) || !low.complement().reaches(~h[1])) {
            return false;
        }
        h[0] = low.ceiling(h[0]);
        h[1] = low.floor(h[1]);
        long hLow = h[2] + (1L << 31);
        long hHigh = h[3] + (1L << 31);
        if (!lowFlipped.reaches(hLow) || !lowFlipped.complement().reaches(~hHigh)) {
            return false;
        }
        h[2] = lowFlipped.ceiling(hLow) - (1L << 31);
        h[3] = lowFlipped.floor(hHigh) - (1L << 31);
        return compareUnsigned(w[0], w[1]) <= 0 && w[2] <= w[3] && h[0] <= h[1] && h[2] <= h[3];
    }

    public Tnum bits() {
        return bits;
    }

    public long uMin() {
        return uMin;
    }

    public long uMax() {
        return uMax;
    }

    public long sMin() {
        return sMin;
    }

    public long sMax() {
        return sMax;
    }

    public long uMin32() {
        return uMin32;
    }

    public long uMax32() {
        return uMax32;
    }

    public long sMin32() {
        return sMin32;
    }

    public long sMax32() {
        return sMax32;
    }

    public boolean isBottom() {
        return uMin == 1 && uMax == 0;
    }

    public boolean isTop() {
        return equals(TOP);
    }

    public boolean isConstant() {
        return uMin == uMax && !isBottom();
    }

    /** The only member; only for a constant. */
    public long constant() {
        if (!isConstant()) {
            throw new IllegalStateException(this + " is no constant");
        }
        return uMin;
    }

    public boolean contains(long n) {
        return !isBottom()
                && bits.contains(n)
                && compareUnsigned(uMin, n) <= 0
                && compareUnsigned(n, uMax) <= 0
                && sMin <= n
                && n <= sMax
                && uMin32 <= (n & LOW)
                && (n & LOW) <= uMax32
                && sMin32 <= (int) n
                && (int) n <= sMax32;
    }

    @SuppressWarnings("ReferenceEquality") // Only a short cut; the comparison below decides.
    public boolean leq(Num other) {
        if (isBottom() || this == other) {
            return true;
        }
        return !other.isBottom()
                && compareUnsigned(other.uMin, uMin) <= 0
                && compareUnsigned(uMax, other.uMax) <= 0
                && other.sMin <= sMin
                && sMax <= other.sMax
                && other.uMin32 <= uMin32
                && uMax32 <= other.uMax32
                && other.sMin32 <= sMin32
                && sMax32 <= other.sMax32
                && bits.leq(other.bits);
    }

    public Num join(Num other) {
        if (leq(other)) {
            return other;
        }
        if (other.leq(this)) {
            return this;
        }
        return reduce(
                bits.join(other.bits),
                unsignedMin(uMin, other.uMin),
                unsignedMax(uMax, other.uMax),
                Math.min(sMin, other.sMin),
                Math.max(sMax, other.sMax),
                Math.min(uMin32, other.uMin32),
                Math.max(uMax32, other.uMax32),
                Math.min(sMin32, other.sMin32),
                Math.max(sMax32, other.sMax32));
    }

    public Num meet(Num other) {
        if (leq(other)) {
            return this;
        }
        if (other.leq(this)) {
            return other;
        }
        if (isBottom() || other.isBottom() || bits.disjoint(other.bits)) {
            return BOTTOM;
        }
        return reduce(
                bits.meet(other.bits),
                unsignedMax(uMin, other.uMin),
                unsignedMin(uMax, other.uMax),
                Math.max(sMin, other.sMin),
                Math.min(sMax, other.sMax),
                Math.max(uMin32, other.uMin32),
                Math.min(uMax32, other.uMax32),
                Math.max(sMin32, other.sMin32),
                Math.min(sMax32, other.sMax32));
    }

    /**
     * Above both, and such that a chain of these is finite: an end that has moved goes to the next threshold, past the last
     * one to the end of its type. Unknown bits grow up to the highest that varies; known low bits (alignment) stay.
     *
     * @param thresholds ascending, signed
     */
    public Num widen(Num next, long @Nullable [] thresholds) {
        if (isBottom()) {
            return next;
        }
        Num both = join(next);
        if (both.leq(this)) {
            return this;
        }
        long newSMin = both.sMin >= sMin ? sMin : below(thresholds, both.sMin);
        long newSMax = both.sMax <= sMax ? sMax : above(thresholds, both.sMax);
        long newUMin = compareUnsigned(both.uMin, uMin) >= 0 ? uMin : Math.max(0, below(thresholds, both.uMin));
        long up = both.uMax < 0 ? -1 : above(thresholds, both.uMax);
        long newUMax = compareUnsigned(both.uMax, uMax) <= 0 ? uMax : up == Long.MAX_VALUE ? -1 : up;
        if (both.uMin < 0 && newUMin != uMin) {
            newUMin = 0;
        }
        long grown = both.bits.mask() & ~bits.mask();
        long unknown = grown == 0 ? bits.mask() : bits.mask() | both.bits.mask() | upTo(both.bits.mask());
        Tnum newBits = new Tnum(both.bits.value() & ~unknown, unknown);
        boolean lowStable = both.uMin32 >= uMin32 && both.uMax32 <= uMax32;
        boolean lowSignedStable = both.sMin32 >= sMin32 && both.sMax32 <= sMax32;
        return reduce(
                newBits,
                newUMin,
                newUMax,
                newSMin,
                newSMax,
                lowStable ? uMin32 : 0,
                lowStable ? uMax32 : LOW,
                lowSignedStable ? sMin32 : Integer.MIN_VALUE,
                lowSignedStable ? sMax32 : Integer.MAX_VALUE);
    }

    /** All bits from the lowest unknown one to the top: what carries can reach. */
    private static long upTo(long mask) {
        return -Long.lowestOneBit(mask);
    }

    private static long below(long @Nullable [] thresholds, long bound) {
        long best = Long.MIN_VALUE;
        if (thresholds != null) {
            for (long t : thresholds) {
                if (t > bound) {
                    break;
                }
                best = t;
            }
        }
        return best;
    }

    private static long above(long @Nullable [] thresholds, long bound) {
        if (thresholds != null) {
            for (long t : thresholds) {
                if (t >= bound) {
                    return t;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    static long unsignedMin(long a, long b) {
        return compareUnsigned(a, b) <= 0 ? a : b;
    }

    static long unsignedMax(long a, long b) {
        return compareUnsigned(a, b) >= 0 ? a : b;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Num other
                && bits.equals(other.bits)
                && uMin == other.uMin
                && uMax == other.uMax
                && sMin == other.sMin
                && sMax == other.sMax
                && uMin32 == other.uMin32
                && uMax32 == other.uMax32
                && sMin32 == other.sMin32
                && sMax32 == other.sMax32;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(uMin * 31 + uMax) * 31 + Long.hashCode(bits.mask());
    }

    /** In words that a person reads: {@code 7}, {@code 0 to 63}, {@code -4 to 4}, {@code 0 to 60 in steps of 4}, {@code anything}. */
    @Override
    public String toString() {
        if (isBottom()) {
            return "nothing";
        }
        if (isConstant()) {
            return Long.toString(sMin);
        }
        StringBuilder text = new StringBuilder();
        if (sMin >= 0 || uMax < 0 || compareUnsigned(uMax - uMin, sMax - sMin) > 0) {
            boolean whole = sMin == Long.MIN_VALUE && sMax == Long.MAX_VALUE;
            if (whole && uMin == 0 && uMax == -1) {
                text.append(uMin32 > 0 || uMax32 < LOW ? "lower half " + uMin32 + " to " + uMax32 : "anything");
            } else if (whole) {
                text.append(Long.toUnsignedString(uMin)).append(" to ").append(Long.toUnsignedString(uMax));
            } else {
                text.append(sMin).append(" to ").append(sMax);
            }
        } else {
            text.append(Long.toUnsignedString(uMin)).append(" to ").append(Long.toUnsignedString(uMax));
        }
        int low = Long.numberOfTrailingZeros(bits.mask());
        if (low > 0 && low < 64) {
            text.append(" in steps of ").append(Long.toUnsignedString(1L << low));
        }
        return text.toString();
    }
}
