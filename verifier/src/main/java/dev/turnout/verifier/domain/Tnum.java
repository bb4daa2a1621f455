package dev.turnout.verifier.domain;

/**
 * Tristate bits: the set of all 64-bit numbers that agree with {@code value} in the bits that {@code mask} leaves clear.
 * Never empty. Source: Vishwanathan et al., "Sound, precise, and fast abstract interpretation with tristate numbers", CGO
 * 2022.
 *
 * @param value the known bits; zero where unknown
 * @param mask the unknown bits
 */
public record Tnum(long value, long mask) {
    private static final Tnum TOP = new Tnum(0, -1);

    public Tnum {
        if ((value & mask) != 0) {
            throw new IllegalArgumentException("a bit is both known and unknown");
        }
    }

    public static Tnum top() {
        return TOP;
    }

    public static Tnum constant(long value) {
        return new Tnum(value, 0);
    }

    /** The least tnum that holds all numbers from {@code low} to {@code high}, unsigned. */
    public static Tnum range(long low, long high) {
        long differing = low ^ high;
        long mask = differing == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(differing);
        return new Tnum(low & ~mask, mask);
    }

    public boolean isConstant() {
        return mask == 0;
    }

    public boolean contains(long number) {
        return (number & ~mask) == value;
    }

    public boolean leq(Tnum other) {
        return (mask & ~other.mask) == 0 && (value & ~other.mask) == other.value;
    }

    public Tnum join(Tnum other) {
        long unknown = mask | other.mask | (value ^ other.value);
        return new Tnum(value & ~unknown, unknown);
    }

    /** Whether no number is in both. */
    public boolean disjoint(Tnum other) {
        return ((value ^ other.value) & ~mask & ~other.mask) != 0;
    }

    /** The numbers in both, which must not be {@link #disjoint}. */
    public Tnum meet(Tnum other) {
        long unknown = mask & other.mask;
        return new Tnum((value | other.value) & ~unknown, unknown);
    }

    public Tnum add(Tnum other) {
        long masks = mask + other.mask;
        long values = value + other.value;
        long carries = (masks + values) ^ values;
        long unknown = carries | mask | other.mask;
        return new Tnum(values & ~unknown, unknown);
    }

    public Tnum subtract(Tnum other) {
        long values = value - other.value;
        long carries = (values + mask) ^ (values - other.mask);
        long unknown = carries | mask | other.mask;
        return new Tnum(values & ~unknown, unknown);
    }

    public Tnum and(Tnum other) {
        long ones = value & other.value;
        long possible = (value | mask) & (other.value | other.mask);
        return new Tnum(ones, possible & ~ones);
    }

    public Tnum or(Tnum other) {
        long ones = value | other.value;
        return new Tnum(ones, (mask | other.mask) & ~ones);
    }

    public Tnum xor(Tnum other) {
        long unknown = mask | other.mask;
        return new Tnum((value ^ other.value) & ~unknown, unknown);
    }

    /** Long multiplication: one partial product a bit of this, those of the unknown bits joined with zero. */
    public Tnum multiply(Tnum other) {
        if (isConstant() && other.isConstant()) {
            return constant(value * other.value);
        }
        Tnum sum = constant(0);
        Tnum shifted = other;
        long bits = value | mask;
        for (int bit = 0; bits >>> bit != 0 && bit < 64; bit++) {
            if ((value >>> bit & 1) != 0) {
                sum = sum.add(shifted);
            } else if ((mask >>> bit & 1) != 0) {
                sum = sum.join(sum.add(shifted));
            }
            shifted = shifted.shiftLeft(1);
        }
        return sum;
    }

    public Tnum shiftLeft(int count) {
        return new Tnum(value << count, mask << count);
    }

    public Tnum shiftRightLogical(int count) {
        return new Tnum(value >>> count, mask >>> count);
    }

    public Tnum shiftRightArithmetic(int count) {
        return new Tnum(value >> count, mask >> count);
    }

    /** The lower {@code bits}, zeros above. */
    public Tnum low(int bits) {
        long keep = bits == 64 ? -1 : (1L << bits) - 1;
        return new Tnum(value & keep, mask & keep);
    }

    public Tnum reverseBytes() {
        return new Tnum(Long.reverseBytes(value), Long.reverseBytes(mask));
    }

    /** Whether some member is at least {@code bound}, unsigned. */
    boolean reaches(long bound) {
        return Long.compareUnsigned(value | mask, bound) >= 0;
    }

    /** The least member that is at least {@code bound}, unsigned; one must exist. */
    long ceiling(long bound) {
        long mismatch = (bound ^ value) & ~mask;
        if (mismatch == 0) {
            return bound;
        }
        long top = Long.highestOneBit(mismatch);
        long below = top | (top - 1);
        if ((value & top) != 0) {
            return (bound & ~below) | (value & below);
        }
        // The bound has a one where all members have a zero: some unknown bit further up must be raised.
        long raise = Long.lowestOneBit(mask & ~below & ~bound);
        return (bound & ~(raise | (raise - 1))) | raise | (value & (raise - 1));
    }

    /** The greatest member that is at most {@code bound}, unsigned; one must exist. */
    long floor(long bound) {
        return ~complement().ceiling(~bound);
    }

    /** The bitwise complements of all members. */
    Tnum complement() {
        return new Tnum(~value & ~mask, mask);
    }

    /** The members with their sign bit flipped: unsigned order of the result is signed order of the members. */
    Tnum flipSign() {
        return new Tnum(value ^ (Long.MIN_VALUE & ~mask), mask);
    }

    /** {@code 0x10 with bits 0x6 unknown}. */
    @Override
    public String toString() {
        return isConstant()
                ? "0x" + Long.toHexString(value)
                : "0x" + Long.toHexString(value) + " with bits 0x" + Long.toHexString(mask) + " unknown";
    }
}
