package dev.turnout.ir.model;

import java.util.Locale;

/** Arithmetic on two integers of one width; the result has that width. RFC 9669, section 4.1 gives the meaning. */
public enum BinaryOp {
    ADD(true) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a + b;
        }
    },
    SUB(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a - b;
        }
    },
    MUL(true) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a * b;
        }
    },
    /** Unsigned; {@code x / 0 = 0}. */
    UDIV(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return b == 0 ? 0 : Long.divideUnsigned(a, b);
        }
    },
    /** Signed, truncating; {@code x / 0 = 0}, minimum / -1 = minimum. */
    SDIV(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return b == 0 ? 0 : type.signed(a) / type.signed(b);
        }
    },
    /** Unsigned; {@code x % 0 = x}. */
    UREM(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return b == 0 ? a : Long.remainderUnsigned(a, b);
        }
    },
    /** Signed, sign of the dividend; {@code x % 0 = x}, minimum % -1 = 0. */
    SREM(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return b == 0 ? a : type.signed(a) % type.signed(b);
        }
    },
    AND(true) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a & b;
        }
    },
    OR(true) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a | b;
        }
    },
    XOR(true) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a ^ b;
        }
    },
    SHL(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a << count(type, b);
        }
    },
    /** Logical: zeros come in. */
    LSHR(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return a >>> count(type, b);
        }
    },
    /** Arithmetic: the sign comes in. */
    ASHR(false) {
        @Override
        long compute(Type.Int type, long a, long b) {
            return type.signed(a) >> count(type, b);
        }
    };

    private final boolean commutative;

    BinaryOp(boolean commutative) {
        this.commutative = commutative;
    }

    abstract long compute(Type.Int type, long a, long b);

    private static long count(Type.Int type, long b) {
        return b & (type.bits() - 1);
    }

    /** The result for two operands of {@code type}, cut to its width. Operands have no bits above the width. */
    public long apply(Type.Int type, long a, long b) {
        return type.truncate(compute(type, a, b));
    }

    public boolean commutative() {
        return commutative;
    }

    /** The mnemonic in the text form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
