package dev.turnout.runtime.memory;

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
    private static final int FIXED_NOREPLACE = 0x100000;
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

    /** The two calls into the C library, found when first used. */
    private static final class Calls {
        private static final MemorySegment MAP = NativeCall.library("mmap");
        private static final MemorySegment UNMAP = NativeCall.library("munmap");

        static long map(long hint, long size, int flags) {
            return NativeCall.call(MAP, hint, size, READ_WRITE, flags, -1, 0);
        }

        static void unmap(long address, long size) {
            int result = (int) NativeCall.call(UNMAP, address, size, 0, 0, 0, 0);
            assert result == 0 : "munmap of " + Long.toHexString(address);
        }
    }
}
