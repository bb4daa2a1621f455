package dev.turnout.ir.model;

import java.util.Locale;
import java.util.Optional;

/**
 * What a pointer points into. Pointers into different regions, {@link #ANY} aside, never alias: the alias analysis of
 * load and store forwarding rests on this.
 */
public enum Region {
    /** A slot of the running function's frame, or of a caller's. */
    STACK,
    /** The context that the program was called with. */
    CONTEXT,
    /** Packet bytes, from the packet's start on. */
    PACKET,
    /** The end of the packet: compared with, never read through. */
    PACKET_END,
    /** A map itself, as helpers take it. */
    MAP,
    /** A value inside a map. */
    MAP_VALUE,
    /** A global of the object: {@code .data}, {@code .bss}, {@code .rodata}, or a table of functions. */
    GLOBAL,
    /** A function. */
    FUNCTION,
    /** Memory of the kernel: only helpers read it. */
    KERNEL,
    /** Any of these that can be read through: what a reference parameter points to when callers differ. */
    ANY;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in the text form. */
    public String word() {
        return word;
    }

    public static Optional<Region> of(String word) {
        for (Region region : values()) {
            if (region.word.equals(word)) {
                return Optional.of(region);
            }
        }
        return Optional.empty();
    }
}
