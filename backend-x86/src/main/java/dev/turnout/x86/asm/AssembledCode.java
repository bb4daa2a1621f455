package dev.turnout.x86.asm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Finished code: position independent but for its {@link #absolutes}. Immutable. */
public final class AssembledCode {
    /**
     * Eight bytes that are to hold the address of a place in this code.
     *
     * @param at offset of the eight bytes
     * @param target offset of the place: the code's own address is to be added
     */
    public record Absolute(int at, int target) {}

    private final byte[] code;
    private final Sites sites;
    private final List<Absolute> absolutes;
    private final List<ListingLine> listing;

    AssembledCode(byte[] code, Sites sites, List<Absolute> absolutes, List<ListingLine> listing) {
        this.code = code;
        this.sites = sites;
        this.absolutes = List.copyOf(absolutes);
        this.listing = listing;
    }

    /** In bytes. */
    public int size() {
        return code.length;
    }

    /** A copy. */
    public byte[] bytes() {
        return code.clone();
    }

    /** Copies the code to the start of {@code memory}; {@link #absolutes} are left to the caller. */
    public void copyTo(MemorySegment memory) {
        MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
    }

    /** Where {@code label}, which was placed in this code, lies: bytes from the start. */
    public int offset(Label label) {
        return label.offset(sites);
    }

    /** What whoever gives the code an address must fill in. */
    public List<Absolute> absolutes() {
        return absolutes;
    }

    /** In order; empty unless the assembler was asked to list. */
    public List<ListingLine> listing() {
        return listing;
    }
}
