package dev.turnout.stdlib.program;

/** How a program type reaches packet bytes; a cursor is lowered by this. */
public enum PacketAccess {
    /** The context has no packet. */
    NONE,
    /**
     * No pointers: bytes are copied out by the helper {@code skb_load_bytes}, which fails past the end. The length is the
     * context's {@code len}. A cursor on such a packet gives references to copies; a function that takes a cursor is
     * compiled once for each kind of packet that reaches it.
     */
    COPY,
    /** The context's {@code data} and {@code data_end}; bytes may be read. */
    DIRECT_READ,
    /** The same; bytes may be read and written. */
    DIRECT_WRITE
}
