package dev.turnout.bpf.isa;

/** Arithmetic on numbers: what a machine does. */
public final class ConcreteAlgebra implements Algebra<Long> {
    public static final ConcreteAlgebra INSTANCE = new ConcreteAlgebra();

    private ConcreteAlgebra() {}

    private static long fit(Width width, long value) {
        return width == Width.W32 ? value & 0xffff_ffffL : value;
    }

    /** The number as its sign says. */
    private static long signed(Width width, long value) {
        return width == Width.W32 ? (int) value : value;
    }

    private static int count(Width width, long value) {
        return (int) value & (width.bits() - 1);
    }

    @Override
    public Long constant(long value) {
        return value;
    }

    @Override
    public Long add(Width width, Long a, Long b) {
        return fit(width, a + b);
    }

    @Override
    public Long subtract(Width width, Long a, Long b) {
        return fit(width, a - b);
    }

    @Override
    public Long multiply(Width width, Long a, Long b) {
        return fit(width, a * b);
    }

    @Override
    public Long divideUnsigned(Width width, Long a, Long b) {
        long divisor = fit(width, b);
        return divisor == 0 ? 0 : Long.divideUnsigned(fit(width, a), divisor);
    }

    @Override
    public Long divideSigned(Width width, Long a, Long b) {
        long divisor = signed(width, b);
        return divisor == 0 ? 0 : fit(width, signed(width, a) / divisor);
    }

    @Override
    public Long remainderUnsigned(Width width, Long a, Long b) {
        long divisor = fit(width, b);
        return divisor == 0 ? fit(width, a) : Long.remainderUnsigned(fit(width, a), divisor);
    }

    @Override
    public Long remainderSigned(Width width, Long a, Long b) {
        long divisor = signed(width, b);
        return divisor == 0 ? fit(width, a) : fit(width, signed(width, a) % divisor);
    }

    @Override
    public Long and(Width width, Long a, Long b) {
        return fit(width, a & b);
    }

    @Override
    public Long or(Width width, Long a, Long b) {
        return fit(width, a | b);
    }

    @Override
    public Long xor(Width width, Long a, Long b) {
        return fit(width, a ^ b);
    }

    @Override
    public Long shiftLeft(Width width, Long a, Long count) {
        return fit(width, a << count(width, count));
    }

    @Override
    public Long shiftRightLogical(Width width, Long a, Long count) {
        return fit(width, a) >>> count(width, count);
    }

    @Override
    public Long shiftRightArithmetic(Width width, Long a, Long count) {
        return fit(width, signed(width, a) >> count(width, count));
    }

    @Override
    public Long negate(Width width, Long a) {
        return fit(width, -a);
    }

    @Override
    public Long signExtend(Width width, Long a, int bits) {
        return fit(width, a << (64 - bits) >> (64 - bits));
    }

    @Override
    public Long zeroExtend(Long a, int bits) {
        return bits == 64 ? a : a & ((1L << bits) - 1);
    }

    @Override
    public Long reverseBytes(Long a, int bits) {
        return Long.reverseBytes(a) >>> (64 - bits);
    }
}
