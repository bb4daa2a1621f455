package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code user_ringbuf}: records that somebody outside writes, for programs to drain. The layout is an {@link EventRing}'s. Hosts write one
 * at a time, programs drain one at a time: one that comes while another is at it is told {@code -EBUSY}.
 *
 * <p>Source: {@code kernel/bpf/ringbuf.c} of Linux 7.2, and for the side of hosts libbpf's {@code ringbuf.c}.
 */
public final class UserRingMap extends RecordMap {
    /** In the map's own page: 16 bytes for the dynptr that the drain under way shows its function. */
    private static final int SHOWN = EventRing.DRAINED + 16;

    private static final int SHOWN_BYTES = 16;

    private final long data;
    private final long mask;
    private final Arrivals room = new Arrivals();

    private UserRingMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.data = address() + EventRing.DATA;
        this.mask = definition.maxEntries() - 1;
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(
                EventRing.DATA + 2 * definition.maxEntries(),
                () -> EventRing.room(definition.maxEntries()),
                memory -> new UserRingMap(definition, memory));
    }

    private static long room(int length) {
        return ((length & ~EventRing.DISCARDED) + EventRing.RECORD + 7L) & -8;
    }

    private long consumed() {
        return Memory.loadLongVolatile(address() + EventRing.CONSUMER);
    }

    private long produced() {
        return Memory.loadLongVolatile(address() + EventRing.PRODUCER);
    }

    // Hosts.

    /**
     * Writes a record.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#E2BIG} if the ring can never hold it, {@link Errno#ENOSPC} if there is no room now
     */
    public synchronized int submit(ByteString record) {
        long bytes = record.size() + EventRing.RECORD + 7L & -8;
        long produced = produced();
        if (bytes > mask + 1) {
            return -Errno.E2BIG;
        }
        if (bytes > mask + 1 - (produced - consumed())) {
            return -Errno.ENOSPC;
        }
        long header = data + (produced & mask);
        Memory.copyIn(record.toArray(), header + EventRing.RECORD);
        Memory.storeInt(header + 4, 0);
        Memory.storeIntVolatile(header, record.size());
        Memory.storeLongVolatile(address() + EventRing.PRODUCER, produced + bytes);
        return 0;
    }

    /** Tells when a program has drained records, so that there may be room. */
    public Arrivals roomMade() {
        return room;
    }

    // Programs.

    /** Begins a drain; false if another one is under way. */
    public boolean beginDrain() {
        return Memory.compareAndSetInt(address() + EventRing.DRAINED, 0, 1);
    }

    /**
     * Ends it.
     *
     * @param tells whether hosts that wait for room are told
     */
    public void endDrain(boolean tells) {
        Memory.storeIntVolatile(address() + EventRing.DRAINED, 0);
        if (tells) {
            room.tell();
        }
    }

    /** Where the dynptr of the drain under way is. */
    public long shown() {
        return address() + SHOWN;
    }

    /**
     * The length of the next record, whose bytes are at {@link #next}.
     *
     * @return or a negated {@link Errno}: {@link Errno#ENODATA} if there is none, {@link Errno#EAGAIN} for one that is passed over since its
     *     writer took it back, others for what no writer of ours writes
     */
    public int peek() {
        long produced = produced();
        long consumed = consumed();
        if ((produced & 7) != 0) {
            return -Errno.EINVAL;
        }
        if (Long.compareUnsigned(consumed, produced) >= 0) {
            return -Errno.ENODATA;
        }
        int length = Memory.loadIntVolatile(data + (consumed & mask));
        long bytes = room(length & ~EventRing.BUSY);
        if (bytes > produced - consumed) {
            return -Errno.EINVAL;
        }
        if (bytes > mask + 1 || bytes - EventRing.RECORD > LONGEST_SHOWN) {
            return -Errno.E2BIG;
        }
        if ((length & EventRing.DISCARDED) != 0) {
            release(length & ~EventRing.DISCARDED & ~EventRing.BUSY);
            return -Errno.EAGAIN;
        }
        return (length & EventRing.BUSY) != 0 ? -Errno.ENODATA : length;
    }

    /** What a dynptr can point to. */
    private static final long LONGEST_SHOWN = (1 << 24) - 1;

    /** Where the bytes of the next record are. */
    public long next() {
        return data + (consumed() & mask) + EventRing.RECORD;
    }

    /** Goes on behind the next record, of this length. */
    public void release(int length) {
        Memory.storeLongVolatile(address() + EventRing.CONSUMER, consumed() + room(length));
    }

    @Override
    public boolean inValue(long at, long bytes) {
        boolean inShown = at >= shown() && bytes <= SHOWN_BYTES && at <= shown() + SHOWN_BYTES - bytes;
        return inShown || (at >= data && bytes <= 2 * (mask + 1) && at <= data + 2 * (mask + 1) - bytes);
    }

    /** The records that no program has drained yet, as values of no key. */
    @Override
    public void each(Consumer<MapEntry> use) {
        long end = produced();
        for (long at = consumed(); at != end; ) {
            long header = data + (at & mask);
            int length = Memory.loadIntVolatile(header);
            if ((length & EventRing.DISCARDED) == 0) {
                use.accept(new MapEntry(
                        ByteString.EMPTY,
                        List.of(ByteString.copyOf(Memory.copyOut(header + EventRing.RECORD, length)))));
            }
            at += room(length);
        }
    }

    @Override
    public void close() {
        super.close();
        room.tell();
    }
}
