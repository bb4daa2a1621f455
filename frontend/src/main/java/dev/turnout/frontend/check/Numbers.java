package dev.turnout.frontend.check;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import java.math.BigInteger;

/** Exact numbers and the types that hold them. */
final class Numbers {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private Numbers() {}

    /** The integer type that a type with numbers for values is kept as: itself, or what is behind an enum or {@code beN}. */
    static Type.Int carrier(Type type) {
        return switch (type) {
            case Type.Int number -> number;
            case Type.Bits bits -> bits.read();
            case Type.Bool _ -> Type.Int.U8;
            case Type.BigEndian number -> number.host();
            case EnumType enumeration -> enumeration.underlying();
            default -> throw new IllegalArgumentException(type + " has no numbers");
        };
    }

    static boolean hasNumbers(Type type) {
        return type instanceof Type.Int
                || type instanceof Type.Bits
                || type instanceof Type.Bool
                || type instanceof Type.BigEndian
                || type instanceof EnumType;
    }

    /** The smallest number that a type can hold. */
    static BigInteger min(Type type) {
        if (type instanceof Type.Bits || type instanceof Type.Bool) {
            return BigInteger.ZERO;
        }
        Type.Int number = carrier(type);
        return number.signed() ? BigInteger.ONE.shiftLeft(number.bits() - 1).negate() : BigInteger.ZERO;
    }

    /** The largest number that a type can hold. */
    static BigInteger max(Type type) {
        if (type instanceof Type.Bool) {
            return BigInteger.ONE;
        }
        if (type instanceof Type.Bits bits) {
            return BigInteger.ONE.shiftLeft(bits.bits()).subtract(BigInteger.ONE);
        }
        Type.Int number = carrier(type);
        return BigInteger.ONE
                .shiftLeft(number.signed() ? number.bits() - 1 : number.bits())
                .subtract(BigInteger.ONE);
    }

    static boolean fits(BigInteger value, Type type) {
        return value.compareTo(min(type)) >= 0 && value.compareTo(max(type)) <= 0;
    }

    /** {@code 0 to 255}. */
    static String range(Type type) {
        return min(type) + " to " + max(type);
    }

    /** A number cut to the width of its type. */
    static Constant.Number constant(Type type, BigInteger value) {
        int bits = carrier(type).bits();
        long low = value.longValue();
        return new Constant.Number(bits == 64 ? low : low & ((1L << bits) - 1));
    }

    /** The number that the bits of a constant mean. */
    static BigInteger meaning(Type type, long bits) {
        Type.Int number = carrier(type);
        if (number.signed()) {
            return BigInteger.valueOf(bits << (64 - number.bits()) >> (64 - number.bits()));
        }
        BigInteger value = BigInteger.valueOf(bits);
        return value.signum() < 0 ? value.add(TWO_64) : value;
    }

    /** The type of an exact number where nothing gives one. */
    static Type.Int natural(BigInteger value, boolean complement) {
        return value.signum() < 0 && !complement ? Type.Int.I64 : Type.Int.U64;
    }
}
