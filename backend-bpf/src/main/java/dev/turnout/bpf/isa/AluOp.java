package dev.turnout.bpf.isa;

/**
 * Arithmetic on two operands, the first of which is also the result's place. RFC 9669, section 4.1. Division, remainder and
 * move have variants that the instruction's offset field selects.
 */
public enum AluOp {
    ADD("+=", 0x00, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.add(width, dst, src);
        }
    },
    SUB("-=", 0x10, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.subtract(width, dst, src);
        }
    },
    MUL("*=", 0x20, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.multiply(width, dst, src);
        }
    },
    DIV("/=", 0x30, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.divideUnsigned(width, dst, src);
        }
    },
    /** From cpu v4 on. */
    SDIV("s/=", 0x30, 1) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.divideSigned(width, dst, src);
        }
    },
    OR("|=", 0x40, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.or(width, dst, src);
        }
    },
    AND("&=", 0x50, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.and(width, dst, src);
        }
    },
    LSH("<<=", 0x60, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.shiftLeft(width, dst, src);
        }
    },
    RSH(">>=", 0x70, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.shiftRightLogical(width, dst, src);
        }
    },
    MOD("%=", 0x90, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.remainderUnsigned(width, dst, src);
        }
    },
    /** From cpu v4 on. */
    SMOD("s%=", 0x90, 1) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.remainderSigned(width, dst, src);
        }
    },
    XOR("^=", 0xa0, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.xor(width, dst, src);
        }
    },
    MOV("=", 0xb0, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.zeroExtend(src, width.bits());
        }
    },
    /** From cpu v4 on, from a register only. */
    MOVSX8("= (s8)", 0xb0, 8) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.signExtend(width, src, 8);
        }
    },
    /** From cpu v4 on, from a register only. */
    MOVSX16("= (s16)", 0xb0, 16) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.signExtend(width, src, 16);
        }
    },
    /** From cpu v4 on, from a register only, to 64 bits only. */
    MOVSX32("= (s32)", 0xb0, 32) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.signExtend(width, src, 32);
        }
    },
    /** Arithmetic right shift. */
    ARSH("s>>=", 0xc0, 0) {
        @Override
        public <V> V result(Algebra<V> on, Width width, V dst, V src) {
            return on.shiftRightArithmetic(width, dst, src);
        }
    };

    private final String symbol;
    private final int code;
    private final int offset;

    AluOp(String symbol, int code, int offset) {
        this.symbol = symbol;
        this.code = code;
        this.offset = offset;
    }

    /** What the instruction leaves in its destination. */
    public abstract <V> V result(Algebra<V> on, Width width, V dst, V src);

    /** How it is written between its operands. */
    public String symbol() {
        return symbol;
    }

    /** The upper four bits of the opcode, in place. */
    public int code() {
        return code;
    }

    /** What the offset field holds. */
    public int offset() {
        return offset;
    }

    /** Whether the destination's old content matters. */
    public boolean readsDestination() {
        return switch (this) {
            case MOV, MOVSX8, MOVSX16, MOVSX32 -> false;
            case ADD, SUB, MUL, DIV, SDIV, OR, AND, LSH, RSH, MOD, SMOD, XOR, ARSH -> true;
        };
    }

    /** Whether it is a move, plain or sign-extending. */
    public boolean isMove() {
        return !readsDestination();
    }

    public boolean isSignExtension() {
        return isMove() && this != MOV;
    }

    public boolean isShift() {
        return this == LSH || this == RSH || this == ARSH;
    }

    public boolean isDivision() {
        return this == DIV || this == SDIV || this == MOD || this == SMOD;
    }
}
