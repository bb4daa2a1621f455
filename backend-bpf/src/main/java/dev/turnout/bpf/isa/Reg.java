package dev.turnout.bpf.isa;

/** A register. RFC 9669, section 2.1. */
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
    R10;

    private static final Reg[] ALL = values();

    /** The number in an instruction word. */
    @SuppressWarnings("EnumOrdinal") // The registers are numbered in this order by definition.
    public int number() {
        return ordinal();
    }

    /** The register with this number, 0 to 10. */
    public static Reg of(int number) {
        return ALL[number];
    }

    /** The argument register of a call, from 0. */
    public static Reg argument(int index) {
        if (index < 0 || index > 4) {
            throw new IllegalArgumentException("no argument " + index);
        }
        return ALL[index + 1];
    }

    /** {@code r3}. */
    @Override
    public String toString() {
        return "r" + number();
    }
}
