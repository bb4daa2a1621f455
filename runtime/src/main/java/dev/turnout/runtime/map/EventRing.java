package dev.turnout.runtime.map;

import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A ring of records in native memory, laid out as Linux lays out {@code ringbuf} maps: a page of words of ours, the consumer's
 * page, the producers' page, the data, and the same data once more, so that a record which goes over the end is contiguous all
 * the same. A record is 8 bytes of header (its length with two bits, and how many pages lie before it) and its bytes, padded to
 * a multiple of 8. Positions only grow; modulo the size they say where in the data.
 *
 * <p>Any number of producers: space is handed out under a spin lock, which makes the order of records, and filled without one.
 * One consumer at a time: it stops at the first record that is still being written, so records come in the order in which
 * they were reserved. It writes nothing but its own position.
 *
 * <p>Source: {@code kernel/bpf/ringbuf.c} of Linux 7.2, its checks and their order.
 */
final class EventRing {
    /** 32 bits: 1 while a producer has the lock. */
    static final int LOCK = MapHeader.SIZE;
    /** 32 bits: consumers that wait to be told of records. */
    static final int WAITERS = LOCK + 4;
    /** 64 bits: records for which there was no room. */
    static final int LOST = LOCK + 8;
    /** 32 bits, of {@code user_ringbuf} maps: 1 while a program drains it. */
    static final int DRAINED = LOCK + 16;

    private static final int PAGE = 4096;
    /** 64 bits: where the consumer goes on. */
    static final int CONSUMER = PAGE;
    /** 64 bits: where the next record will be. */
    static final int PRODUCER = 2 * PAGE;
    /** 64 bits: no record before this is still being written. */
    static final int PENDING = PRODUCER + 8;
    /** 64 bits, of rings that overwrite: the oldest record that is left. */
    static final int OVERWRITTEN = PRODUCER + 16;
    /** Where the data begins, in bytes. */
    static final int DATA = 3 * PAGE;

    /** Bytes of a record's header. */
    static final int RECORD = 8;

    /** In a record's length: it is still being written. */
    static final int BUSY = 1 << 31;
    /** In a record's length: nobody wants it. */
    static final int DISCARDED = 1 << 30;

    /** Tell no waiting consumer. */
    static final long NO_WAKEUP = 1;
    /** Tell a waiting consumer in any case. */
    static final long FORCE_WAKEUP = 2;

    private static final long LONGEST = 0xffff_ffffL / 4;

    private final long base;
    private final long data;
    private final long mask;
    private final boolean overwrites;
    private final Arrivals arrivals;

    EventRing(long base, long bytes, boolean overwrites, Arrivals arrivals) {
        this.base = base;
        this.data = base + DATA;
        this.mask = bytes - 1;
        this.overwrites = overwrites;
        this.arrivals = arrivals;
    }

    /** Memory for a ring, all zero; empty if the system has none. */
    static Optional<Mapping> room(long bytes) {
        return Mapping.ring(DATA, bytes);
    }

    /** Whether a ring can have so many bytes of data. */
    static boolean fits(long bytes) {
        return bytes >= PAGE && Long.bitCount(bytes) == 1;
    }

    long size() {
        return mask + 1;
    }

    /** Whether these bytes lie where records lie, in one of the two views. */
    boolean holds(long address, long bytes) {
        return address >= data && bytes <= 2 * size() && address <= data + 2 * size() - bytes;
    }

    long consumerPosition() {
        return Memory.loadLongVolatile(base + CONSUMER);
    }

    long producerPosition() {
        return Memory.loadLongVolatile(base + PRODUCER);
    }

    long overwritePosition() {
        return Memory.loadLongVolatile(base + OVERWRITTEN);
    }

    /** Bytes that were reserved and not consumed yet, headers included; records that are still being written, too. */
    long available() {
        long consumed = consumerPosition();
        long gone = overwrites ? Math.max(consumed, overwritePosition()) : consumed;
        return producerPosition() - gone;
    }

    /** Records for which there was no room. */
    long lost() {
        return Memory.loadLongVolatile(base + LOST);
    }

    private static long room(int length) {
        return ((length & ~DISCARDED) + RECORD + 7L) & -8;
    }

    // Producers.

    /** Address of the bytes of a new record, which must be committed; 0 if there is no room, which counts as a loss. */
    long reserve(long bytes) {
        long room = bytes > LONGEST || bytes < 0 ? Long.MAX_VALUE : (bytes + RECORD + 7) & -8;
        long record = 0;
        long consumed = consumerPosition();
        lock();
        if (room <= size()) {
            record = take(bytes, room, consumed);
        }
        if (record == 0) {
            Memory.storeLongVolatile(base + LOST, Memory.loadLong(base + LOST) + 1);
        }
        unlock();
        return record;
    }

    /** With the lock. */
    private long take(long bytes, long room, long consumed) {
        long produced = Memory.loadLong(base + PRODUCER);
        long pending = Memory.loadLong(base + PENDING);
        long end = produced + room;
        while (pending != produced) {
            int length = Memory.loadIntVolatile(data + (pending & mask));
            if ((length & BUSY) != 0) {
                break;
            }
            pending += room(length);
        }
        Memory.storeLong(base + PENDING, pending);
        if (end - pending > mask || (!overwrites && end - consumed > mask)) {
            return 0;
        }
        if (overwrites) {
            long oldest = Memory.loadLong(base + OVERWRITTEN);
            while (end - oldest > mask) {
                oldest += room(Memory.loadInt(data + (oldest & mask)));
            }
            Memory.storeLongVolatile(base + OVERWRITTEN, oldest);
        }
        long header = data + (produced & mask);
        Memory.storeInt(header, (int) bytes | BUSY);
        Memory.storeInt(header + 4, (int) ((header - base) / PAGE));
        Memory.storeLongVolatile(base + PRODUCER, end);
        return header + RECORD;
    }

    /** Where the ring begins of which this is a record: what {@link #reserve} wrote into its header. */
    static long baseOf(long record) {
        long header = record - RECORD;
        return (header & -PAGE) - Integer.toUnsignedLong(Memory.loadInt(header + 4)) * PAGE;
    }

    /** Ends a record, which the consumer may have now. */
    void commit(long record, long flags, boolean discarded) {
        long header = record - RECORD;
        int length = (Memory.loadInt(header) ^ BUSY) | (discarded ? DISCARDED : 0);
        Memory.storeIntVolatile(header, length);
        // A consumer first says that it waits and then looks for the record; this is the other way round, so one sees
        // the other.
        if (Memory.loadIntVolatile(base + WAITERS) != 0
                && ((flags & FORCE_WAKEUP) != 0
                        || ((flags & NO_WAKEUP) == 0 && (consumerPosition() & mask) == header - data))) {
            arrivals.tell();
        }
    }

    private void lock() {
        SpinLock.acquire(base + LOCK);
    }

    private void unlock() {
        SpinLock.release(base + LOCK);
    }

    // The consumer.

    /** Whether the oldest record is finished, or may be skipped. */
    boolean ready() {
        long at = first();
        return at != producerPosition() && (Memory.loadIntVolatile(data + (at & mask)) & BUSY) == 0;
    }

    /** Says that somebody waits (1), or that he waits no more (-1). */
    void waiting(int change) {
        Memory.addInt(base + WAITERS, change);
    }

    private long first() {
        long consumed = Memory.loadLong(base + CONSUMER);
        return overwrites ? Math.max(consumed, overwritePosition()) : consumed;
    }

    /**
     * Hands over finished records, oldest first. If a use throws, its record is gone and those behind it stay.
     *
     * @param most how many at most
     * @return how many
     */
    int consume(EventSource.RecordUse use, int most) {
        int used = 0;
        while (used < most) {
            if (overwrites ? consumeCopy(use) : consumeInPlace(use)) {
                used++;
            } else {
                break;
            }
        }
        return used;
    }

    private boolean consumeInPlace(EventSource.RecordUse use) {
        long at = Memory.loadLong(base + CONSUMER);
        long end = producerPosition();
        while (at != end) {
            long header = data + (at & mask);
            int length = Memory.loadIntVolatile(header);
            if ((length & BUSY) != 0) {
                return false;
            }
            at += room(length);
            if ((length & DISCARDED) == 0) {
                try {
                    use.accept(header + RECORD, length);
                } finally {
                    Memory.storeLongVolatile(base + CONSUMER, at);
                }
                return true;
            }
            Memory.storeLongVolatile(base + CONSUMER, at);
        }
        return false;
    }

    /** Of a ring that overwrites: producers are kept away while the record is copied, else they would write over it. */
    private boolean consumeCopy(EventSource.RecordUse use) {
        byte @Nullable [] copy = null;
        lock();
        try {
            long at = first();
            long end = Memory.loadLong(base + PRODUCER);
            while (at != end && copy == null) {
                long header = data + (at & mask);
                int length = Memory.loadIntVolatile(header);
                if ((length & BUSY) != 0) {
                    break;
                }
                at += room(length);
                copy = (length & DISCARDED) == 0 ? Memory.copyOut(header + RECORD, length) : null;
            }
            Memory.storeLongVolatile(base + CONSUMER, at);
        } finally {
            unlock();
        }
        if (copy == null) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(Math.max(1, copy.length), 8).address();
            Memory.copyIn(copy, at);
            use.accept(at, copy.length);
        }
        return true;
    }

    /** Shows what {@link #consume} would hand over, and leaves it there. Producers may go on meanwhile. */
    void show(EventSource.RecordUse use) {
        if (overwrites) {
            lock();
        }
        try {
            long at = first();
            long end = producerPosition();
            while (at != end) {
                long header = data + (at & mask);
                int length = Memory.loadIntVolatile(header);
                if ((length & BUSY) != 0) {
                    return;
                }
                if ((length & DISCARDED) == 0) {
                    use.accept(header + RECORD, length);
                }
                at += room(length);
            }
        } finally {
            if (overwrites) {
                unlock();
            }
        }
    }
}
