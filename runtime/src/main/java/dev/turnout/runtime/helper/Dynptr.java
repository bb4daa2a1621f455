package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.E2BIG;

import dev.turnout.runtime.memory.Memory;

/**
 * A pointer to memory with its bounds, in 16 bytes of a program's stack that only helpers touch: where the memory is, a word of
 * size, kind and whether it may be written, and how far into that memory it begins. The packet is asked where it lies each time,
 * because it moves; its dynptr holds the context's address, which is only there to be no null.
 *
 * <p>Source: Linux 7.2, {@code struct bpf_dynptr_kern}.
 *
 * @param address of the 16 bytes
 */
record Dynptr(long address) {
    /** 64 bits. */
    private static final int DATA = 0;
    /** 32 bits: 24 of size, the kind in 28 to 30, and {@link #READ_ONLY}. */
    private static final int SIZE = 8;
    /** 32 bits. */
    private static final int OFFSET = 12;

    static final int BYTES = 16;
    private static final int LARGEST = (1 << 24) - 1;
    private static final int KIND_AT = 28;
    private static final int READ_ONLY = 1 << 31;

    /** What it points to. */
    enum Kind {
        /** Memory of the program: {@link #DATA} is its address. */
        LOCAL(1),
        /** Likewise, of a record that is reserved. */
        RECORD(2),
        SKB(3),
        XDP(4),
        /** What lies in front of the packet. */
        SKB_META(5);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        private static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalStateException("a dynptr of kind " + number);
        }
    }

    /** Whether a dynptr can point to so many bytes. */
    static boolean spans(long bytes) {
        return bytes >= 0 && bytes <= LARGEST;
    }

    void point(long data, Kind kind, long bytes) {
        Memory.storeLong(address + DATA, data);
        Memory.storeInt(address + SIZE, (int) bytes | kind.number << KIND_AT);
        Memory.storeInt(address + OFFSET, 0);
    }

    void forbidWrites() {
        Memory.storeInt(address + SIZE, Memory.loadInt(address + SIZE) | READ_ONLY);
    }

    void clear() {
        Memory.zero(address, BYTES);
    }

    void copyFrom(Dynptr other) {
        Memory.copy(other.address, address, BYTES);
    }

    boolean isNull() {
        return data() == 0;
    }

    long data() {
        return Memory.loadLong(address + DATA);
    }

    long size() {
        return Memory.loadInt(address + SIZE) & LARGEST;
    }

    long offset() {
        return Memory.loadInt(address + OFFSET) & 0xffff_ffffL;
    }

    Kind kind() {
        return Kind.of((Memory.loadInt(address + SIZE) & ~READ_ONLY) >>> KIND_AT);
    }

    boolean isReadOnly() {
        return Memory.loadInt(address + SIZE) < 0;
    }

    /** 0 if it has these bytes, else the error of Linux. */
    int check(long from, long bytes) {
        long size = size();
        return Long.compareUnsigned(bytes, size) > 0 || Long.compareUnsigned(from, size - bytes) > 0 ? -E2BIG : 0;
    }

    /** Makes it smaller: to the bytes from {@code start} up to {@code end}, which it has. */
    void narrow(long start, long end) {
        Memory.storeInt(address + OFFSET, (int) (offset() + start));
        Memory.storeInt(address + SIZE, (Memory.loadInt(address + SIZE) & ~LARGEST) | (int) (end - start));
    }
}
