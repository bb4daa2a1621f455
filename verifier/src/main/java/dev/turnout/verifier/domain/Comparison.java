package dev.turnout.verifier.domain;

import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Width;

/**
 * What a branch tells of its operands. {@link #assume} keeps of each operand the members for which the condition can hold;
 * if nothing is left, the edge is dead.
 *
 * @param a the left operand afterwards
 * @param b the right one
 */
public record Comparison(Num a, Num b) {
    private static final long LOW = 0xffff_ffffL;

    public boolean isImpossible() {
        return a.isBottom() || b.isBottom();
    }

    private static final Comparison IMPOSSIBLE = new Comparison(Num.bottom(), Num.bottom());

    /** Given that {@code a op b} holds. */
    public static Comparison assume(JumpOp op, Width width, Num a, Num b) {
        if (a.isBottom() || b.isBottom()) {
            return IMPOSSIBLE;
        }
        return switch (op) {
            case JEQ -> equal(width, a, b);
            case JNE -> different(width, a, b);
            case JSET -> someBit(width, a, b);
            case JLT -> less(width, a, b, true);
            case JLE -> less(width, a, b, false);
            case JGT -> swap(less(width, b, a, true));
            case JGE -> swap(less(width, b, a, false));
            case JSLT -> lessSigned(width, a, b, true);
            case JSLE -> lessSigned(width, a, b, false);
            case JSGT -> swap(lessSigned(width, b, a, true));
            case JSGE -> swap(lessSigned(width, b, a, false));
        };
    }

    /** Given that {@code a op b} does not hold. */
    public static Comparison refute(JumpOp op, Width width, Num a, Num b) {
        if (op.hasNegation()) {
            return assume(op.negated(), width, a, b);
        }
        // No bit in common: where one has a known one the other has a zero.
        long keep = width == Width.W32 ? LOW : -1;
        Num left = withoutBits(a, b.bits().value() & keep);
        return new Comparison(
                left, left.isBottom() ? left : withoutBits(b, left.bits().value() & keep));
    }

    private static Comparison swap(Comparison of) {
        return new Comparison(of.b, of.a);
    }

    private static Num withoutBits(Num a, long zeros) {
        return zeros == 0 ? a : a.meet(Num.of(new Tnum(0, ~zeros)));
    }

    /** {@code a} with its lower half bound so. */
    private static Num lower(Num a, long uMin, long uMax, long sMin, long sMax) {
        if (uMin > uMax || sMin > sMax) {
            return Num.bottom();
        }
        return a.meet(Num.of(Tnum.top(), 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, uMin, uMax, sMin, sMax));
    }

    private static Comparison equal(Width width, Num a, Num b) {
        if (width == Width.W64) {
            Num both = a.meet(b);
            return new Comparison(both, both);
        }
        return new Comparison(lowerOf(a, b), lowerOf(b, a));
    }

    /** {@code a} given that its lower half equals that of {@code b}. */
    private static Num lowerOf(Num a, Num b) {
        Num bounded = lower(a, b.uMin32(), b.uMax32(), b.sMin32(), b.sMax32());
        Tnum bits = b.bits();
        return bounded.meet(Num.of(new Tnum(bits.value() & LOW, bits.mask() | ~LOW)));
    }

    private static Comparison different(Width width, Num a, Num b) {
        Num left = without(width, a, b);
        return left.isBottom() ? IMPOSSIBLE : new Comparison(left, without(width, b, a));
    }

    /** {@code a} without the constant {@code b}, where that is an end of a range. */
    private static Num without(Width width, Num a, Num b) {
        if (width == Width.W64) {
            if (!b.isConstant()) {
                return a;
            }
            long c = b.constant();
            if (a.isConstant()) {
                return a.constant() == c ? Num.bottom() : a;
            }
            Num left = a;
            if (a.uMin() == c) {
                left = left.meet(Num.unsigned(c + 1, -1));
            }
            if (a.uMax() == c) {
                left = left.meet(Num.unsigned(0, c - 1));
            }
            if (a.sMin() == c) {
                left = left.meet(Num.signed(c + 1, Long.MAX_VALUE));
            }
            if (a.sMax() == c) {
                left = left.meet(Num.signed(Long.MIN_VALUE, c - 1));
            }
            return left;
        }
        if (b.uMin32() != b.uMax32()) {
            return a;
        }
        long c = b.uMin32();
        long signed = (int) c;
        return lower(
                a,
                a.uMin32() == c ? c + 1 : a.uMin32(),
                a.uMax32() == c ? c - 1 : a.uMax32(),
                a.sMin32() == signed ? signed + 1 : a.sMin32(),
                a.sMax32() == signed ? signed - 1 : a.sMax32());
    }

    private static Comparison someBit(Width width, Num a, Num b) {
        long keep = width == Width.W32 ? LOW : -1;
        long possible = (a.bits().value() | a.bits().mask())
                & (b.bits().value() | b.bits().mask())
                & keep;
        if (possible == 0) {
            return IMPOSSIBLE;
        }
        if (Long.bitCount(possible) == 1) {
            Num bit = Num.of(new Tnum(possible, ~possible));
            return new Comparison(a.meet(bit), b.meet(bit));
        }
        return new Comparison(a, b);
    }

    private static Comparison less(Width width, Num a, Num b, boolean strictly) {
        long one = strictly ? 1 : 0;
        if (width == Width.W64) {
            if (strictly && (b.uMax() == 0 || a.uMin() == -1)) {
                return IMPOSSIBLE;
            }
            return new Comparison(a.meet(Num.unsigned(0, b.uMax() - one)), b.meet(Num.unsigned(a.uMin() + one, -1)));
        }
        return new Comparison(
                lower(a, 0, b.uMax32() - one, Integer.MIN_VALUE, Integer.MAX_VALUE),
                lower(b, a.uMin32() + one, LOW, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static Comparison lessSigned(Width width, Num a, Num b, boolean strictly) {
        long one = strictly ? 1 : 0;
        if (width == Width.W64) {
            if (strictly && (b.sMax() == Long.MIN_VALUE || a.sMin() == Long.MAX_VALUE)) {
                return IMPOSSIBLE;
            }
            return new Comparison(
                    a.meet(Num.signed(Long.MIN_VALUE, b.sMax() - one)),
                    b.meet(Num.signed(a.sMin() + one, Long.MAX_VALUE)));
        }
        return new Comparison(
                lower(a, 0, LOW, Integer.MIN_VALUE, b.sMax32() - one),
                lower(b, 0, LOW, a.sMin32() + one, Integer.MAX_VALUE));
    }
}
