package dev.turnout.runtime.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What stands for the memory of a process that programs look into: bytes that a host or a test has placed, each in a range of its own.
 * Programs cannot reach it but through helpers, which read what lies in one range as a whole and nothing beside it. Any number of
 * threads may use it; a range stays until this is closed.
 */
public final class UserMemory implements AutoCloseable {
    /** Bytes that may be placed, gaps included. */
    public static final long ROOM = 16L << 20;

    /** Bytes between ranges, so that one does not run into the next. */
    private static final long GAP = 64;

    /** Where each range ends, by where it starts. */
    private final ConcurrentSkipListMap<Long, Long> ranges = new ConcurrentSkipListMap<>();

    private final Mapping memory;
    private long next;

    private UserMemory(Mapping memory) {
        this.memory = memory;
        this.next = memory.address() + GAP;
    }

    /** Empty memory; its pages cost nothing until they are used. */
    public static UserMemory create() {
        return new UserMemory(
                Mapping.anywhere(ROOM).orElseThrow(() -> new IllegalStateException("no memory for user memory")));
    }

    /**
     * Copies bytes to where programs may read them.
     *
     * @return their address, a multiple of 8; of no bytes too, where nothing can be read
     * @throws IllegalStateException if there is no room for them any more
     */
    public synchronized long place(byte[] bytes) {
        long at = next;
        if (bytes.length > memory.address() + memory.size() - GAP - at) {
            throw new IllegalStateException("more than " + ROOM + " bytes of user memory");
        }
        Memory.copyIn(bytes, at);
        ranges.put(at, at + bytes.length);
        next = (at + bytes.length + GAP + 7) & -8L;
        return at;
    }

    /** Whether all of these bytes were placed, and together. */
    public boolean holds(long address, long bytes) {
        Map.Entry<Long, Long> range = ranges.floorEntry(address);
        return range != null && bytes >= 0 && address <= range.getValue() - bytes;
    }

    /** No program may run any more. */
    @Override
    public void close() {
        memory.close();
    }
}
