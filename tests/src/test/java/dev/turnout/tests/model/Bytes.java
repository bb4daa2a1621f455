package dev.turnout.tests.model;

import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Lays out keys and values as programs see them: little-endian, each number aligned to its size by whoever writes it. */
final class Bytes {
    private final ByteBuffer buffer;

    Bytes(int size) {
        this.buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteString u32(long value) {
        return new Bytes(4).word(value).done();
    }

    static ByteString u64(long value) {
        return new Bytes(8).wide(value).done();
    }

    Bytes raw(byte... bytes) {
        buffer.put(bytes);
        return this;
    }

    Bytes one(int value) {
        buffer.put((byte) value);
        return this;
    }

    Bytes half(int value) {
        buffer.putShort((short) value);
        return this;
    }

    /** In network order. */
    Bytes network(int value) {
        buffer.put((byte) (value >> 8)).put((byte) value);
        return this;
    }

    Bytes word(long value) {
        buffer.putInt((int) value);
        return this;
    }

    Bytes wide(long value) {
        buffer.putLong(value);
        return this;
    }

    /** Whatever was not written is zero. */
    ByteString done() {
        return ByteString.copyOf(buffer.array());
    }

    static void count(Map<Integer, Long> counts, int key) {
        counts.merge(key, 1L, Long::sum);
    }

    /** By the member of an enum that the program has too, in the same order. */
    @SuppressWarnings("EnumOrdinal")
    static void count(Map<Integer, Long> counts, Enum<?> key) {
        count(counts, key.ordinal());
    }

    /** Counts by index, as a map of 8-byte numbers by 4-byte keys holds them. */
    static Map<ByteString, ByteString> entries(Map<Integer, Long> counts) {
        Map<ByteString, ByteString> entries = new HashMap<>();
        counts.forEach((key, count) -> entries.put(u32(key), u64(count)));
        return entries;
    }
}
