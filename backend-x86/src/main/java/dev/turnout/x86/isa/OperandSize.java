package dev.turnout.x86.isa;

/** How wide an operation is. A result of 32 bits clears the upper half of its register; one of 8 or 16 bits leaves the rest. */
public enum OperandSize {
    BYTE(1),
    WORD(2),
    DWORD(4),
    QWORD(8);

    private final int bytes;

    OperandSize(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    public int bits() {
        return bytes * 8;
    }

    /** The size of {@code bytes}: 1, 2, 4 or 8. */
    public static OperandSize ofBytes(int bytes) {
        for (OperandSize size : values()) {
            if (size.bytes == bytes) {
                return size;
            }
        }
        throw new IllegalArgumentException("no operand of " + bytes + " bytes");
    }
}
