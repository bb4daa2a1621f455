package dev.turnout.ir.model;

import java.util.Locale;

/** A change of an integer's width. */
public enum ConvertOp {
    /** Wider, zeros above. */
    ZEXT,
    /** Wider, the sign above. */
    SEXT,
    /** Narrower, the upper bits lost. To {@code i1} it keeps bit 0. */
    TRUNC;

    public long apply(Type.Int from, Type.Int to, long a) {
        return switch (this) {
            case ZEXT -> a;
            case SEXT -> to.truncate(from.signed(a));
            case TRUNC -> to.truncate(a);
        };
    }

    /** The mnemonic in the text form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
