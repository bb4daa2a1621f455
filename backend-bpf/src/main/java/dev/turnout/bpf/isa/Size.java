package dev.turnout.bpf.isa;

/** The width of a memory access. RFC 9669, section 5, table "size". */
public enum Size {
    B(1, 0x10),
    H(2, 0x08),
    W(4, 0x00),
    DW(8, 0x18);

    private final int bytes;
    private final int code;

    Size(int bytes, int code) {
        this.bytes = bytes;
        this.code = code;
    }

    public int bytes() {
        return bytes;
    }

    public int bits() {
        return bytes * 8;
    }

    /** The bits of the opcode. */
    public int code() {
        return code;
    }

    /** The size of 1, 2, 4 or 8 bytes. */
    public static Size ofBytes(int bytes) {
        return switch (bytes) {
            case 1 -> B;
            case 2 -> H;
            case 4 -> W;
            case 8 -> DW;
            default -> throw new IllegalArgumentException("no access of " + bytes + " bytes");
        };
    }
}
