package dev.turnout.ir.model;

import java.util.Locale;

/** A comparison of two integers of one width, or of two pointers; the result is an {@code i1}. */
public enum CompareOp {
    EQ,
    NE,
    ULT,
    ULE,
    UGT,
    UGE,
    SLT,
    SLE,
    SGT,
    SGE;

    /** The outcome for operands that have no bits above the width of {@code type}. */
    public boolean test(Type.Int type, long a, long b) {
        return switch (this) {
            case EQ -> a == b;
            case NE -> a != b;
            case ULT -> Long.compareUnsigned(a, b) < 0;
            case ULE -> Long.compareUnsigned(a, b) <= 0;
            case UGT -> Long.compareUnsigned(a, b) > 0;
            case UGE -> Long.compareUnsigned(a, b) >= 0;
            case SLT -> type.signed(a) < type.signed(b);
            case SLE -> type.signed(a) <= type.signed(b);
            case SGT -> type.signed(a) > type.signed(b);
            case SGE -> type.signed(a) >= type.signed(b);
        };
    }

    /** The comparison that holds exactly when this one does not. */
    public CompareOp negated() {
        return switch (this) {
            case EQ -> NE;
            case NE -> EQ;
            case ULT -> UGE;
            case ULE -> UGT;
            case UGT -> ULE;
            case UGE -> ULT;
            case SLT -> SGE;
            case SLE -> SGT;
            case SGT -> SLE;
            case SGE -> SLT;
        };
    }

    /** The comparison that holds of (b, a) exactly when this one holds of (a, b). */
    public CompareOp swapped() {
        return switch (this) {
            case EQ, NE -> this;
            case ULT -> UGT;
            case ULE -> UGE;
            case UGT -> ULT;
            case UGE -> ULE;
            case SLT -> SGT;
            case SLE -> SGE;
            case SGT -> SLT;
            case SGE -> SLE;
        };
    }

    public boolean signed() {
        return switch (this) {
            case SLT, SLE, SGT, SGE -> true;
            case EQ, NE, ULT, ULE, UGT, UGE -> false;
        };
    }

    /** The mnemonic in the text form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
