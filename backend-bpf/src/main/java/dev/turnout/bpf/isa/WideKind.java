package dev.turnout.bpf.isa;

/** What the 64 bits of a wide load mean: the source nibble of opcode 0x18. RFC 9669, section 5.4; Linux 7.2. */
public enum WideKind {
    /** A number. */
    CONSTANT,
    /** Low word: a map's file descriptor. */
    MAP_FD,
    /** Low word: a map's file descriptor; high word: bytes into its first value. */
    MAP_VALUE,
    /**
     * Low word: BTF id of a kernel variable; high word: descriptor of a module's BTF or 0. In a {@code BpfProgram}: the index of the
     * name in the program's own list of what the kernel has to provide; high word 0.
     */
    BTF_ID,
    /** Low word: distance to a function in slots, as in a local call. */
    FUNCTION,
    /** Low word: index into the list of maps that is given at load. In a {@code BpfProgram}: into its own list. */
    MAP_INDEX,
    /** The same; high word: bytes into its first value. */
    MAP_INDEX_VALUE;

    private static final WideKind[] ALL = values();

    /** The source nibble. */
    @SuppressWarnings("EnumOrdinal") // The rows stand in the order of the encoding.
    public int code() {
        return ordinal();
    }

    /** The kind with this source nibble, 0 to 6. */
    public static WideKind of(int code) {
        return ALL[code];
    }
}
