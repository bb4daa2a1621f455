package dev.turnout.bpf.isa;

/**
 * A register. RFC 9669, section 2.1, and one that no program can name: {@link #AX} exists only in code that was rewritten
 * after its proof. Nothing decodes, parses or encodes it.
 */
public enum Reg {
    /** Results, of helpers and of the program. */
    R0,
    /** First argument; the context on entry of a program. R1 to R5 are lost over a call. */
    R1,
    R2,
    R3,
    R4,
    R5,
    /** R6 to R9 are kept over a call. */
    R6,
    R7,
    R8,
    R9,
    /** The frame pointer: read only; the frame is the 512 bytes below it. */
    R10,
    /** Hidden: holds a constant while it is put together, from one instruction to the next. */
    AX;

    /** How many registers a machine has, the hidden one included. */
    public static final int COUNT = 12;

    private static final Reg[] ALL = values();

    /** The number in an instruction word, 0 to 10; 11 for the hidden register, which no word holds. */
    @SuppressWarnings("EnumOrdinal") // The registers are numbered in this order by definition.
    public int number() {
        return ordinal();
    }

    /** The register with this number, 0 to 10: one that programs can name. */
    public static Reg of(int number) {
        if (number < 0 || number > 10) {
            throw new IllegalArgumentException("no register " + number);
        }
        return ALL[number];
    }

    /** The argument register of a call, from 0. */
    public static Reg argument(int index) {
        if (index < 0 || index > 4) {
            throw new IllegalArgumentException("no argument " + index);
        }
        return ALL[index + 1];
    }

    /** {@code r3}; {@code ax}. */
    @Override
    public String toString() {
        return this == AX ? "ax" : "r" + number();
    }

    /** As instructions of a width name it: {@code r3}, or {@code w3} for its lower half. The hidden one is {@code ax}. */
    public String toString(Width width) {
        return this == AX || width == Width.W64 ? toString() : "w" + number();
    }
}
