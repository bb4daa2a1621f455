package dev.turnout.x86.code;

import dev.turnout.runtime.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The x86-64 code of a program, without an address. Immutable.
 *
 * <p>Every function is called alike: r1 to r5 in rdi rsi rdx rcx r8, the frame pointer in rbp, the control block in r12; it
 * leaves its result in rax and keeps rbx, rbp, r12, r13, r14 and r15. Whoever calls lowers rbp by a frame first and raises it
 * afterwards.
 */
public final class X86Code {
    /** The offset of what has no code: the second slot of a wide load. */
    public static final int NONE = -1;

    /** Code must be placed at a multiple of this many bytes. */
    public static final int ALIGNMENT = 16;

    private final byte[] bytes;
    private final int[] slots;
    private final int[] entries;
    private final List<Fixup> fixups;
    private final List<PatchSite> sites;
    private final List<TailSite> tails;

    /**
     * Takes the arrays over.
     *
     * @param bytes with zeros where fixups are
     * @param slots for each slot of the program the offset of its code, or {@link #NONE}
     * @param entries for each function of the program, in their order, the offset that callers call; ascending
     * @param fixups by ascending place
     * @param sites by ascending place; the bytes hold some legal state of each
     * @param tails by ascending place; the bytes take each for an empty entry
     */
    public X86Code(
            byte[] bytes, int[] slots, int[] entries, List<Fixup> fixups, List<PatchSite> sites, List<TailSite> tails) {
        this.bytes = bytes;
        this.slots = slots;
        this.entries = entries;
        this.fixups = List.copyOf(fixups);
        this.sites = List.copyOf(sites);
        this.tails = List.copyOf(tails);
    }

    /** Bytes of code. */
    public int size() {
        return bytes.length;
    }

    /**
     * Where the main function is called, and where tail calls jump to, with the frame pointer and the return address of the
     * function that they replace: an offset. What a program array holds for this program.
     */
    public int entry() {
        return entries[0];
    }

    /** Where a function, by its index in the program, is called: an offset. It lies before the code of its first slot. */
    public int entry(int function) {
        return entries[function];
    }

    /**
     * Where the function that begins at a slot is called: an offset. What a function table holds for it. Its head stands before the
     * code of that slot, and behind all code of the functions before.
     */
    public int entryAt(int start) {
        int at = Arrays.binarySearch(entries, slots[start]);
        return entries[at >= 0 ? at : -at - 2];
    }

    /**
     * Where the code of a slot begins: an offset, or {@link #NONE}. What a jump table holds for the slot; slots count in
     * the executable program.
     */
    public int offset(int slot) {
        return slots[slot];
    }

    /** By ascending place. */
    public List<Fixup> fixups() {
        return fixups;
    }

    /** Static branches that are patched, by ascending place. */
    public List<PatchSite> sites() {
        return sites;
    }

    /** Tail calls that are patched, by ascending place. */
    public List<TailSite> tails() {
        return tails;
    }

    /** A copy of the code, with zeros where fixups are and static branches as the first values of their keys have them. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The code as it must stand at an address to run there, with static branches as the present values of their keys have them.
     *
     * @param address a multiple of {@link #ALIGNMENT}
     * @throws IllegalArgumentException if a stub is more than 2 GiB away
     */
    public byte[] placed(long address, Addresses where) {
        byte[] placed = bytes.clone();
        ByteBuffer fields = ByteBuffer.wrap(placed).order(ByteOrder.LITTLE_ENDIAN);
        for (Fixup fixup : fixups) {
            switch (fixup) {
                case Fixup.ToStub(int at, Stub stub) -> fields.putInt(at, distance(address + at + 4, where.stub(stub)));
                case Fixup.MapHeader(int at, int map) -> fields.putLong(at, where.mapHeader(map));
                case Fixup.MapValue(int at, int map, int offset) ->
                    fields.putLong(at, where.mapValue(map) + Integer.toUnsignedLong(offset));
                case Fixup.KeyValue(int at, int key) -> fields.putLong(at, where.key(key));
            }
        }
        for (PatchSite site : sites) {
            fields.putLong(site.at(), site.word(key -> Memory.loadLongVolatile(where.key(key))));
        }
        return placed;
    }

    private static int distance(long from, long to) {
        long distance = to - from;
        if (distance != (int) distance) {
            throw new IllegalArgumentException(
                    "a stub at 0x" + Long.toHexString(to) + " is out of reach of 0x" + Long.toHexString(from));
        }
        return (int) distance;
    }
}
