package dev.turnout.stdlib.program;

/**
 * A field of a context.
 *
 * @param name as in the kernel's header; an element of an array is {@code cb[2]}
 * @param offset bytes from the start of the context
 * @param bytes width of the field
 * @param kind what a load of the whole field gives
 */
public record ContextField(String name, int offset, int bytes, Kind kind) {
    /** What a load gives. */
    public enum Kind {
        /** A number; may be read narrower than the field. */
        SCALAR,
        /** The first byte of the packet. Four bytes wide in the layout, a pointer in the register. */
        PACKET,
        /** Behind the last byte of the packet's linear part. */
        PACKET_END,
        /** The first byte of the metadata in front of the packet; it ends at the packet. */
        PACKET_META,
        /** A pointer to a kernel object (a socket, flow keys) that may be null. */
        KERNEL_POINTER
    }
}
