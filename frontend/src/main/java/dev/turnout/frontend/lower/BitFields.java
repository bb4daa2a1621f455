package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;

/**
 * Fields of headers that are not whole bytes. Bits count from the most significant one of the first byte on, so a field is a
 * run of bits of the big-endian number that its bytes form.
 */
final class BitFields {
    private final FunctionBuilder code;
    private final Memory memory;

    BitFields(FunctionBuilder code, Memory memory) {
        this.code = code;
        this.memory = memory;
    }

    /** The field of the header at {@code header}, as the type that it reads as. */
    Value load(Address header, Field field) {
        Address at = header.plus(field.offset());
        Value number = field.bitBytes() == 1 ? loadInByte(at, field) : loadAcross(at, field);
        return field.type() instanceof Type.Bool
                ? memory.isNotZero(number)
                : code.resize(number, Shape.integer(field.read()));
    }

    private Value loadInByte(Address at, Field field) {
        Value whole = memory.loadNumber(Int.I8, at, ByteOrder.LITTLE);
        int below = 8 - field.bitOffset() - field.bitSize();
        Value low = field.type() instanceof Type.Bool ? whole : shift(BinaryOp.LSHR, whole, below);
        long mask = (1L << field.bitSize()) - 1;
        // The topmost bits need no mask once they are shifted down.
        if (field.bitOffset() == 0 && !(field.type() instanceof Type.Bool)) {
            return low;
        }
        long bits = field.type() instanceof Type.Bool ? mask << below : mask;
        return code.binary(BinaryOp.AND, low, code.constant(Int.I8, bits));
    }

    /** Byte by byte from the most significant on: what a byte gives is cut to the field and put below the rest. */
    private Value loadAcross(Address at, Field field) {
        Value all = code.constant(Int.I64, 0);
        for (Part part : parts(field)) {
            Value piece =
                    shift(BinaryOp.LSHR, memory.loadNumber(Int.I8, at.plus(part.index), ByteOrder.LITTLE), part.below);
            if (part.below + part.bits < 8) {
                piece = code.binary(BinaryOp.AND, piece, code.constant(Int.I8, (1 << part.bits) - 1));
            }
            all = code.binary(BinaryOp.OR, all, shift(BinaryOp.SHL, code.resize(piece, Int.I64), part.place));
        }
        return all;
    }

    /** Stores the low bits of {@code value} (of the type that the field reads as) and leaves the neighbours alone. */
    void store(Address header, Field field, Value value) {
        Value wide = code.resize(value, Int.I64);
        for (Part part : parts(field)) {
            Address at = header.plus(field.offset() + part.index);
            Value piece = code.resize(shift(BinaryOp.LSHR, wide, part.place), Int.I8);
            long mask = (1L << part.bits) - 1;
            if (part.bits < 8) {
                piece = shift(BinaryOp.SHL, code.binary(BinaryOp.AND, piece, code.constant(Int.I8, mask)), part.below);
                Value others = code.binary(
                        BinaryOp.AND,
                        memory.loadNumber(Int.I8, at, ByteOrder.LITTLE),
                        code.constant(Int.I8, ~(mask << part.below)));
                piece = code.binary(BinaryOp.OR, others, piece);
            }
            memory.storeNumber(at, piece, ByteOrder.LITTLE);
        }
    }

    /** Puts the low bits of {@code value} into bytes that are being made. */
    static void store(byte[] bytes, int header, Field field, long value) {
        for (Part part : parts(field)) {
            int at = header + (int) field.offset() + part.index;
            int mask = ((1 << part.bits) - 1) << part.below;
            int bits = (int) (value >>> part.place) << part.below;
            bytes[at] = (byte) ((bytes[at] & ~mask) | (bits & mask));
        }
    }

    /**
     * What a field has in one byte.
     *
     * @param index of the byte, from the field's first
     * @param bits how many
     * @param below bits of the byte under them
     * @param place bits of the field's number under them
     */
    private record Part(int index, int bits, int below, int place) {}

    private static Part[] parts(Field field) {
        Part[] parts = new Part[field.bitBytes()];
        int left = field.bitSize();
        for (int i = 0; i < parts.length; i++) {
            int start = i == 0 ? field.bitOffset() : 0;
            int bits = Math.min(8 - start, left);
            left -= bits;
            parts[i] = new Part(i, bits, 8 - start - bits, left);
        }
        return parts;
    }

    private Value shift(BinaryOp op, Value value, int bits) {
        return bits == 0 ? value : code.binary(op, value, code.constant((Int) value.type(), bits));
    }
}
