package dev.turnout.frontend.type;

import dev.turnout.ir.model.ByteString;
import java.util.List;

/**
 * The bytes that a constant has in memory: little endian, {@code beN} the other way round, padding zero, bit fields of
 * headers from the most significant bit on. References and functions have no constant bytes and do not occur.
 */
public final class MemoryImage {
    private MemoryImage() {}

    /** The {@code type.size()} bytes of {@code value}. */
    public static ByteString of(Type type, Constant value) {
        byte[] bytes = new byte[Math.toIntExact(type.size())];
        store(bytes, 0, type, value);
        return ByteString.copyOf(bytes);
    }

    private static void store(byte[] bytes, int at, Type type, Constant value) {
        switch (value) {
            case Constant.Number number -> storeNumber(bytes, at, type, number.bits());
            case Constant.Absent _ -> {}
            case Constant.Present present -> {
                Type of = ((Type.Maybe) type).of();
                store(bytes, at, of, present.value());
                bytes[at + (int) of.size()] = 1;
            }
            case Constant.Elements elements -> {
                Type element = ((Type.Array) type).element();
                int step = (int) element.size();
                for (int i = 0; i < elements.values().size(); i++) {
                    store(bytes, at + i * step, element, elements.values().get(i));
                }
            }
            case Constant.Repeat repeat -> storeRepeated(bytes, at, (Type.Array) type, repeat);
            case Constant.Bytes text -> {
                byte[] from = text.bytes().toArray();
                System.arraycopy(from, 0, bytes, at, from.length);
            }
            case Constant.Fields fields -> storeFields(bytes, at, (StructType) type, fields.values());
        }
    }

    private static void storeRepeated(byte[] bytes, int at, Type.Array type, Constant.Repeat repeat) {
        int step = (int) type.element().size();
        byte[] one = new byte[step];
        store(one, 0, type.element(), repeat.value());
        if (ByteString.copyOf(one).isZero()) {
            return;
        }
        for (int i = 0; i < repeat.count(); i++) {
            System.arraycopy(one, 0, bytes, at + i * step, step);
        }
    }

    private static void storeNumber(byte[] bytes, int at, Type type, long bits) {
        int size = (int) type.size();
        boolean bigEndian = type instanceof Type.BigEndian;
        for (int i = 0; i < size; i++) {
            bytes[at + (bigEndian ? size - 1 - i : i)] = (byte) (bits >>> (8 * i));
        }
    }

    private static void storeFields(byte[] bytes, int at, StructType type, List<Constant> values) {
        for (Field field : type.fields()) {
            Constant value = values.get(field.index());
            int start = at + (int) field.offset();
            if (!field.isBitField()) {
                store(bytes, start, field.type(), value);
                continue;
            }
            long bits = ((Constant.Number) value).bits();
            for (int i = 0; i < field.bitSize(); i++) {
                int position = field.bitOffset() + i;
                if (((bits >>> (field.bitSize() - 1 - i)) & 1) != 0) {
                    bytes[start + position / 8] |= (byte) (0x80 >>> (position % 8));
                }
            }
        }
    }
}
