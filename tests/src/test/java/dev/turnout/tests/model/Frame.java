package dev.turnout.tests.model;

import dev.turnout.ir.model.ByteString;
import java.util.Arrays;

/** Reads a frame from its beginning on; what is not there ends the reading. */
final class Frame {
    private final byte[] bytes;
    private int at;

    Frame(ByteString bytes) {
        this.bytes = bytes.toArray();
    }

    /** The frame ends before what was to be read. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ended() {
            super(null, null, false, false);
        }
    }

    int position() {
        return at;
    }

    /** Moves on. */
    void skip(int count) {
        at = behind(count);
    }

    /** The next bytes, which become the past. */
    byte[] take(int count) {
        byte[] taken = peek(count);
        at += count;
        return taken;
    }

    byte[] peek(int count) {
        return Arrays.copyOfRange(bytes, at, behind(count));
    }

    private int behind(int count) {
        if (count > bytes.length - at) {
            throw new Ended();
        }
        return at + count;
    }

    static int u8(byte[] from, int offset) {
        return from[offset] & 0xff;
    }

    /** In network order. */
    static int u16(byte[] from, int offset) {
        return u8(from, offset) << 8 | u8(from, offset + 1);
    }

    /** In network order. */
    static int u32(byte[] from, int offset) {
        return u16(from, offset) << 16 | u16(from, offset + 2);
    }

    /** ::ffff:a.b.c.d of the address at an offset. */
    static byte[] mapped(byte[] from, int offset) {
        byte[] address = new byte[16];
        address[10] = (byte) 0xff;
        address[11] = (byte) 0xff;
        System.arraycopy(from, offset, address, 12, 4);
        return address;
    }
}
