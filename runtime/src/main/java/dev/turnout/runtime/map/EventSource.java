package dev.turnout.runtime.map;

/**
 * A map that programs put records into and somebody outside takes them out of. One consumer at a time: others wait for it. The
 * records of one ring come in the order in which programs reserved them.
 */
public sealed interface EventSource permits RingBufferMap, PerfEventArrayMap {
    /** What is done with a record; its bytes are gone when this returns. */
    @FunctionalInterface
    interface RecordUse {
        /** @param address of the first of {@code bytes} bytes */
        void accept(long address, int bytes);
    }

    /**
     * Takes records that are finished. A record whose use throws is gone, those behind it stay.
     *
     * @param most how many at most
     * @return how many
     * @throws IllegalStateException if called from a use
     */
    int consume(RecordUse use, int most);

    /** Shows the records that {@link #consume} would take now, and takes none. */
    void show(RecordUse use);

    /** Records that programs wanted to write and could not, for want of room. */
    long lost();

    /** Whether there is something to consume. */
    boolean ready();

    /**
     * Says that one more consumer waits to be told of records through {@link #arrivals}, or with -1 that one less does. Who waits
     * says so first, remembers {@link Arrivals#now}, and waits if there is nothing {@link #ready}.
     */
    void waiting(int change);

    Arrivals arrivals();
}
