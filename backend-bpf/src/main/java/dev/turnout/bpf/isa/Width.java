package dev.turnout.bpf.isa;

/** The width of an arithmetic or compare instruction. 32-bit results clear the upper half. */
public enum Width {
    W32(32),
    W64(64);

    private final int bits;

    Width(int bits) {
        this.bits = bits;
    }

    public int bits() {
        return bits;
    }
}
