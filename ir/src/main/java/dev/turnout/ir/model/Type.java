package dev.turnout.ir.model;

/** The type of a value: an integer of a width, a pointer into a region, or nothing. */
public sealed interface Type {
    /**
     * An integer without a sign.
     *
     * @param bits 1 (a truth value), 8, 16, 32 or 64
     */
    record Int(int bits) implements Type {
        public static final Int I1 = new Int(1);
        public static final Int I8 = new Int(8);
        public static final Int I16 = new Int(16);
        public static final Int I32 = new Int(32);
        public static final Int I64 = new Int(64);

        public Int {
            if (bits != 1 && bits != 8 && bits != 16 && bits != 32 && bits != 64) {
                throw new IllegalArgumentException("no integer of " + bits + " bits");
            }
        }

        /** Bytes in memory: a truth value takes one. */
        public int bytes() {
            return Math.max(1, bits / 8);
        }

        /** All bits that the type has: {@code 0xff} for eight. */
        public long mask() {
            return bits == 64 ? -1L : (1L << bits) - 1;
        }

        /** {@code value} cut to the width. */
        public long truncate(long value) {
            return value & mask();
        }

        /** The number that the bits mean when the highest one is a sign. */
        public long signed(long value) {
            return value << (64 - bits) >> (64 - bits);
        }

        @Override
        public String toString() {
            return "i" + bits;
        }
    }

    /** A pointer into a region; 0 is null. Eight bytes in memory. */
    record Ptr(Region region) implements Type {
        @Override
        public String toString() {
            return "ptr<" + region.word() + ">";
        }
    }

    /** No value: the type of what a store or a call of a {@code void} function defines. Never an operand. */
    record Void() implements Type {
        public static final Void VOID = new Void();

        @Override
        public String toString() {
            return "void";
        }
    }

    /** A pointer type. */
    static Ptr ptr(Region region) {
        return new Ptr(region);
    }

    /** Bytes that a value of this type takes in memory; 0 for {@link Void}. */
    default int byteSize() {
        return switch (this) {
            case Int type -> type.bytes();
            case Ptr _ -> 8;
            case Void _ -> 0;
        };
    }
}
