package dev.turnout.frontend.type;

import dev.turnout.diagnostics.source.Span;

/**
 * A field of a struct or header.
 *
 * @param index its place in declared order, from 0
 * @param type as declared: a bit field has {@link Type.Bits}, or {@link Type.Bool} with {@code bitSize} 1
 * @param offset bytes from the start of the struct to the field, or to the first byte that a bit field touches
 * @param bitOffset for a bit field, bits from the most significant bit of the byte at {@code offset} on, 0 to 7; else 0
 * @param bitSize width of a bit field, else 0
 */
public record Field(String name, int index, Type type, long offset, int bitOffset, int bitSize, Span declared) {
    /** Whether it is less than whole bytes, so that it cannot be referred to. */
    public boolean isBitField() {
        return bitSize != 0;
    }

    /** Bytes that a bit field touches: 1 to 9. */
    public int bitBytes() {
        return (bitOffset + bitSize + 7) / 8;
    }

    /** The type that reading it gives. */
    public Type read() {
        return type instanceof Type.Bits bits ? bits.read() : type;
    }
}
