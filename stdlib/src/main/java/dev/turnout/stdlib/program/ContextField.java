package dev.turnout.stdlib.program;

/**
 * A field of a context, or of an object that a context leads to.
 *
 * @param name as in the kernel's header; an element of an array is {@code cb[2]}
 * @param offset bytes from the start
 * @param bytes width of the field
 * @param kind what a load of the whole field gives
 * @param widths how much of it one access may touch
 */
public record ContextField(String name, int offset, int bytes, Kind kind, Widths widths) {
    /** What a load gives. */
    public enum Kind {
        /** A number. */
        SCALAR,
        /** Bytes that have no names here: what a tracepoint records, the memory of a {@code syscall} program. */
        BYTES,
        /** Zeros between two fields, which may be read because programs once did. */
        PADDING,
        /** The first byte of the packet. It may be four bytes wide in the layout; in the register it is a pointer. */
        PACKET,
        /** Behind the last byte of the packet's linear part. */
        PACKET_END,
        /** The first byte of the metadata in front of the packet; it ends at the packet. */
        PACKET_META,
        /** A full socket. */
        SOCKET,
        /** A full socket, or null. */
        SOCKET_OR_NULL,
        /** A socket of any kind, of which the common part may be read; or null. */
        SOCKET_COMMON_OR_NULL,
        /** What a flow dissector fills in: {@link ContextLayout#FLOW_KEYS}. */
        FLOW_KEYS,
        /** The buffer of a writable raw tracepoint, whose size is known only when it is attached to. */
        TRACE_BUFFER,
        /** An object of the kernel, which its types describe. */
        KERNEL_OBJECT;

        /** Whether it is one of the packet's pointers. */
        public boolean isPacket() {
            return switch (this) {
                case PACKET, PACKET_END, PACKET_META -> true;
                case SCALAR, BYTES, PADDING, SOCKET, SOCKET_OR_NULL, SOCKET_COMMON_OR_NULL -> false;
                case FLOW_KEYS, TRACE_BUFFER, KERNEL_OBJECT -> false;
            };
        }

        /** Whether a load gives a number, never a pointer. */
        public boolean isNumber() {
            return switch (this) {
                case SCALAR, BYTES, PADDING -> true;
                case PACKET, PACKET_END, PACKET_META, SOCKET, SOCKET_OR_NULL, SOCKET_COMMON_OR_NULL -> false;
                case FLOW_KEYS, TRACE_BUFFER, KERNEL_OBJECT -> false;
            };
        }
    }

    /**
     * How much of a field one access may touch. A <i>part</i> is 1, 2, 4 or 8 bytes that lie within the field, at an offset from the
     * start of the whole context that their number divides. Linux loads a whole field and cuts the part out, so each field says
     * whether it does that.
     */
    public enum Widths {
        /** The whole field. */
        WHOLE,
        /** Read: any part. Written: the whole field. */
        PARTS_READ,
        /** Read: a part that begins where the field does. Written: the whole field. */
        FRONT_READ,
        /** Read: a part of at least two bytes. Written: the whole field. */
        HALVES_READ,
        /** Read: any part, or the field with the padding behind it as four bytes. Written: the whole field. */
        PADDED_READ,
        /** An element of an array. Read: any part. Written: the whole element. Both: eight aligned bytes within the array. */
        WIDE,
        /** An element of an array. Any part, and eight aligned bytes within the array. */
        ELEMENTS,
        /** Any part, read or written. */
        PARTS,
        /** Any 1, 2, 4 or 8 bytes within the field, aligned or not. */
        BYTES
    }

    /** The name without an index: that of the array, if this is an element. */
    public String stem() {
        int bracket = name.indexOf('[');
        return bracket < 0 ? name : name.substring(0, bracket);
    }

    boolean isPart(int at, int width) {
        return at % width == 0 && within(at, width);
    }

    boolean within(int at, int width) {
        return at >= offset && at + width <= offset + bytes;
    }

    boolean isWhole(int at, int width) {
        return at == offset && width == bytes;
    }
}
