package dev.turnout.bpf.select;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.UnaryOp;

/**
 * An upper bound of the number of significant bits in a register, computed as instructions are selected: bits from there
 * up are zero. A register that holds a narrow number may have more significant bits than the number has.
 */
final class KnownBits {
    private KnownBits() {}

    /** Significant bits of a number. */
    static int of(long value) {
        return 64 - Long.numberOfLeadingZeros(value);
    }

    /**
     * Of a result, before anything above the type's width is cleared.
     *
     * @param bits width of the type
     * @param a bits of the first operand's register
     * @param b bits of the second operand's
     * @param constant the second operand if it is known, else -1
     * @param known whether it is
     */
    static int after(BinaryOp op, int bits, int a, int b, long constant, boolean known) {
        int register = bits == 64 ? 64 : 32;
        int result = switch (op) {
            case ADD -> Math.max(a, b) + 1;
            case MUL -> a + b;
            case AND -> Math.min(a, b);
            case OR, XOR -> Math.max(a, b);
            case SHL -> known ? a + (int) (constant & (bits - 1)) : 64;
            case LSHR -> known ? Math.max(0, Math.min(a, register) - (int) (constant & (bits - 1))) : a;
            case UDIV -> known && constant != 0 ? Math.max(0, a - of(constant) + 1) : a;
            case UREM -> known && constant != 0 ? Math.min(a, of(constant - 1)) : a;
            case SUB, ASHR, SDIV, SREM -> 64;
        };
        return Math.min(result, register);
    }

    static int after(UnaryOp op, int bits, int a) {
        return switch (op) {
            case BSWAP -> bits;
            // The mask of a narrow complement has the type's width: what lies above stays as it was.
            case NOT -> Math.min(bits <= 16 ? Math.max(a, bits) : bits, bits == 64 ? 64 : 32);
            case NEG -> bits == 64 ? 64 : 32;
        };
    }
}
