package dev.turnout.runtime.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A range of pages of this process: zero at first, readable and writable, never executable, page-aligned. Pages that are
 * never touched cost nothing, so a map may be large and sparse. Unmapped by {@link #close}, which may be called twice.
 */
public final class Mapping implements AutoCloseable {
    private static final long PAGE = 4096;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int POPULATE = 0x8000;
    private static final int FIXED_NOREPLACE = 0x100000;
    private static final int NONE = 0;
    private static final int SHARED_FIXED = 0x11;
    private static final int CLOSE_ON_EXEC = 1;
    private static final long LOW_FIRST = 0x1000_0000L;
    private static final long LOW_END = 0xf000_0000L;
    /** Mappings begin at multiples of this, and leave at least half of it unmapped behind them. */
    private static final long LOW_STEP = 0x10_0000L;

    private static final AtomicLong NEXT_LOW = new AtomicLong(LOW_FIRST);

    private final long address;
    private final long size;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Mapping(long address, long size) {
        this.address = address;
        this.size = size;
    }

    /** Memory anywhere; empty if the system has none left. */
    public static Optional<Mapping> anywhere(long bytes) {
        long size = pages(bytes);
        long address = Calls.map(0, size, PRIVATE_ANONYMOUS_NORESERVE);
        return failed(address) ? Optional.empty() : Optional.of(new Mapping(address, size));
    }

    /** The same with all its pages there from the start, as far as the system has them: touching them costs nothing more. */
    public static Optional<Mapping> present(long bytes) {
        long size = pages(bytes);
        long address = Calls.map(0, size, PRIVATE_ANONYMOUS_NORESERVE | POPULATE);
        return failed(address) ? Optional.empty() : Optional.of(new Mapping(address, size));
    }

    /**
     * Memory below 4 GiB: contexts hold packet addresses in 32-bit fields. Empty if none is free.
     */
    public static Optional<Mapping> low(long bytes) {
        long size = pages(bytes);
        long span = (size + LOW_STEP / 2 + LOW_STEP - 1) / LOW_STEP * LOW_STEP;
        long tries = span > LOW_END - LOW_FIRST ? 0 : (LOW_END - LOW_FIRST) / LOW_STEP;
        for (; tries > 0; tries--) {
            long hint = NEXT_LOW.getAndUpdate(at -> next(at, span));
            if (hint + span > LOW_END) {
                continue;
            }
            long address = Calls.map(hint, size, PRIVATE_ANONYMOUS_NORESERVE | FIXED_NOREPLACE);
            if (address == hint) {
                return Optional.of(new Mapping(address, size));
            }
            // A kernel before 4.17 takes the address for a mere wish.
            if (!failed(address)) {
                Calls.unmap(address, size);
            }
        }
        return Optional.empty();
    }

    /**
     * Memory whose end is seen twice, one view directly behind the other, so that what goes over the end of the first goes on at
     * its beginning. Empty if the system has none left.
     *
     * @param head bytes that are seen once, whole pages
     * @param ring bytes that follow them and are seen twice, whole pages
     */
    public static Optional<Mapping> ring(long head, long ring) {
        long size = head + 2 * ring;
        if (head % PAGE != 0 || ring % PAGE != 0) {
            throw new IllegalArgumentException("a ring of " + head + " and " + ring + " bytes is not of whole pages");
        }
        int file = Calls.file("turnout-ring", head + ring);
        if (file < 0) {
            return Optional.empty();
        }
        try {
            long address = Calls.map(0, size, NONE, PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
            if (failed(address)) {
                return Optional.empty();
            }
            Mapping mapping = new Mapping(address, size);
            if (failed(Calls.map(address, head + ring, READ_WRITE, SHARED_FIXED, file, 0))
                    || failed(Calls.map(address + head + ring, ring, READ_WRITE, SHARED_FIXED, file, head))) {
                mapping.close();
                return Optional.empty();
            }
            return Optional.of(mapping);
        } finally {
            Calls.close(file);
        }
    }

    /** Where the search goes on: behind what is taken now, or from the beginning if that does not fit. */
    private static long next(long at, long span) {
        return at + span > LOW_END ? LOW_FIRST : at + span;
    }

    public long address() {
        return address;
    }

    /** Bytes: what was asked for, rounded up to pages. */
    public long size() {
        return size;
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            Calls.unmap(address, size);
        }
    }

    private static long pages(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a mapping of " + bytes + " bytes");
        }
        return (bytes + PAGE - 1) & -PAGE;
    }

    private static boolean failed(long address) {
        return address == -1;
    }

    /** The calls into the C library, found when first used. */
    private static final class Calls {
        private static final MemorySegment MAP = NativeCall.library("mmap");
        private static final MemorySegment UNMAP = NativeCall.library("munmap");

        static long map(long hint, long size, int flags) {
            return map(hint, size, READ_WRITE, flags, -1, 0);
        }

        static long map(long hint, long size, int protection, int flags, int file, long offset) {
            return NativeCall.call(MAP, hint, size, protection, flags, file, offset);
        }

        /** A file in memory of so many zeros, or a negative number. */
        static int file(String name, long bytes) {
            int file;
            try (Arena arena = Arena.ofConfined()) {
                file = (int) NativeCall.call(
                        NativeCall.library("memfd_create"),
                        arena.allocateFrom(name).address(),
                        CLOSE_ON_EXEC,
                        0,
                        0,
                        0,
                        0);
            }
            if (file >= 0 && (int) NativeCall.call(NativeCall.library("ftruncate"), file, bytes, 0, 0, 0, 0) != 0) {
                close(file);
                return -1;
            }
            return file;
        }

        static void close(int file) {
            NativeCall.call(NativeCall.library("close"), file, 0, 0, 0, 0, 0);
        }

        static void unmap(long address, long size) {
            int result = (int) NativeCall.call(UNMAP, address, size, 0, 0, 0, 0);
            assert result == 0 : "munmap of " + Long.toHexString(address);
        }
    }
}
