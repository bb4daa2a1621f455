package dev.turnout.linux.syscall;

import dev.turnout.ir.model.ByteString;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * {@code union bpf_attr} of a command: 160 zero bytes in which fields are set by their offset. A kernel that knows fewer
 * bytes takes the rest if they are zero.
 */
public final class Attributes {
    private static final int SIZE = 160;
    /** Bytes of a name, the zero at its end included. */
    private static final int NAME = 16;

    private final Arena arena;
    private final MemorySegment segment;

    /** Memory that the fields point to is taken from the arena too, and must live until the call is over. */
    public Attributes(Arena arena) {
        this.arena = arena;
        this.segment = arena.allocate(SIZE, 8);
    }

    MemorySegment segment() {
        return segment;
    }

    /** Sets 32 bits. */
    public Attributes word(int offset, int value) {
        segment.set(ValueLayout.JAVA_INT, offset, value);
        return this;
    }

    /** Sets 64 bits. */
    public Attributes wide(int offset, long value) {
        segment.set(ValueLayout.JAVA_LONG, offset, value);
        return this;
    }

    /** Sets the address of memory. */
    public Attributes pointer(int offset, MemorySegment to) {
        return wide(offset, to.address());
    }

    /** Sets the address of a copy of these bytes; 0 if there are none. */
    public Attributes bytes(int offset, ByteString content) {
        return content.size() == 0 ? this : pointer(offset, copy(content));
    }

    /** Sets the address of a copy of a text with a zero behind it. */
    public Attributes text(int offset, String content) {
        return pointer(offset, arena.allocateFrom(content, StandardCharsets.UTF_8));
    }

    /** Sets a name of at most 15 bytes, as the kernel takes them: letters, digits, dots, underscores. */
    public Attributes name(int offset, String name) {
        for (int i = 0; i < Math.min(NAME - 1, name.length()); i++) {
            char c = name.charAt(i);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '.');
            segment.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (plain ? c : '_'));
        }
        return this;
    }

    /** 32 bits that the kernel wrote. */
    public int word(int offset) {
        return segment.get(ValueLayout.JAVA_INT, offset);
    }

    private MemorySegment copy(ByteString content) {
        MemorySegment to = arena.allocate(content.size(), 8);
        MemorySegment.copy(content.toArray(), 0, to, ValueLayout.JAVA_BYTE, 0, content.size());
        return to;
    }
}
