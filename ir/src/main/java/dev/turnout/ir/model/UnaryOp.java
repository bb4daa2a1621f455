package dev.turnout.ir.model;

import java.util.Locale;

/** Arithmetic on one integer; the result has its width. */
public enum UnaryOp {
    NEG {
        @Override
        long compute(Type.Int type, long a) {
            return -a;
        }
    },
    /** All bits inverted. */
    NOT {
        @Override
        long compute(Type.Int type, long a) {
            return ~a;
        }
    },
    /** The bytes in reverse order; of 16, 32 and 64 bits only. */
    BSWAP {
        @Override
        long compute(Type.Int type, long a) {
            return Long.reverseBytes(a) >>> (64 - type.bits());
        }
    };

    abstract long compute(Type.Int type, long a);

    /** The result for an operand of {@code type}, cut to its width. */
    public long apply(Type.Int type, long a) {
        return type.truncate(compute(type, a));
    }

    /** The mnemonic in the text form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
