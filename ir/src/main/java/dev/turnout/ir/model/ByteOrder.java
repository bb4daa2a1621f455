package dev.turnout.ir.model;

/** The order of a number's bytes in memory. A load gives the number, whatever the order; a store likewise. */
public enum ByteOrder {
    /** The order of BPF registers and of x86. */
    LITTLE,
    /** Network order. */
    BIG
}
