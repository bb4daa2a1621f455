package dev.turnout.bpf.isa;

/** A change of byte order, on this little-endian machine. RFC 9669, section 4.2. */
public enum SwapOp {
    /** To little endian: cuts to the width. */
    LE(0xd4, "le"),
    /** To big endian: reverses the bytes of the width. */
    BE(0xdc, "be"),
    /** Reverses the bytes of the width, whatever the machine. From cpu v4 on. */
    BSWAP(0xd7, "bswap");

    private final int opcode;
    private final String word;

    SwapOp(int opcode, String word) {
        this.opcode = opcode;
        this.word = word;
    }

    /** What the instruction leaves in its register. */
    public <V> V result(Algebra<V> on, V value, int bits) {
        return this == LE ? on.zeroExtend(value, bits) : on.reverseBytes(value, bits);
    }

    public int opcode() {
        return opcode;
    }

    /** The stem of the mnemonic: {@code be} of {@code be16}. */
    public String word() {
        return word;
    }
}
