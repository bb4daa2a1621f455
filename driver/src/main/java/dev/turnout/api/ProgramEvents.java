package dev.turnout.api;

import dev.turnout.runtime.map.EventSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The records that programs write into a {@code ringbuf}, or into the rings of a {@code perf_event_array}: taken here, oldest first, each
 * once. Records of a ring buffer come in the order in which programs reserved them; those of perf events in the order of each slot. A
 * record that a program discarded is never seen, one that is still being written holds up those behind it.
 *
 * <p>What programs found no room for is not here, but counted by {@link #lost}: take records faster, or give the map more room.
 *
 * <p>May be used by many threads while programs run; threads that take records wait for each other. Every method throws {@link
 * IllegalStateException} once the machine is closed, also out of a wait that is under way; a {@link #stream} ends.
 */
public final class ProgramEvents {
    private final String name;
    private final EventSource source;
    private final Lifetime lifetime;

    ProgramEvents(String name, EventSource source, Lifetime lifetime) {
        this.name = name;
        this.source = source;
        this.lifetime = lifetime;
    }

    /** What is done with a record. */
    @FunctionalInterface
    public interface EventUse {
        /**
         * Looks at a record.
         *
         * @param record its bytes where the program wrote them, read-only: they may be looked at by this thread, until this returns
         */
        void accept(MemorySegment record);
    }

    /** Of the map. */
    public String name() {
        return name;
    }

    /**
     * Takes all records that are there, and waits for none. A record whose use throws is gone; those behind it stay.
     *
     * @return how many there were
     * @throws IllegalStateException if called from a use, too
     */
    public int drain(EventUse use) {
        return drain(use, Integer.MAX_VALUE);
    }

    /** The same of at most so many. */
    public int drain(EventUse use, int most) {
        return lifetime.during(() -> take(use, most));
    }

    /**
     * Waits until there is a record, then takes all that are there.
     *
     * @return how many; 0 if the time is over and none came
     * @throws InterruptedException if the thread was interrupted while it waited; no record is lost by that
     */
    public int poll(Duration timeout, EventUse use) throws InterruptedException {
        return poll(timeout, use, Integer.MAX_VALUE);
    }

    /**
     * A copy of the next record, for which it waits so long.
     *
     * @return empty if none came
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public Optional<byte[]> take(Duration timeout) throws InterruptedException {
        List<byte[]> taken = new ArrayList<>(1);
        poll(timeout, record -> taken.add(record.toArray(ValueLayout.JAVA_BYTE)), 1);
        return taken.stream().findFirst();
    }

    /**
     * The records from now on, each decoded when the stream asks for it: a stream that waits for what programs will write. It ends when
     * the machine is closed, or when the thread that reads it is interrupted, which stays so. No record is taken that the stream does
     * not give.
     *
     * @param decode makes something of a record's bytes, which are gone when it returns
     */
    public <T> Stream<T> stream(Function<MemorySegment, T> decode) {
        return StreamSupport.stream(new Reading<>(decode), false);
    }

    /** Records that programs could not write for want of room, since the machine was loaded. */
    public long lost() {
        return lifetime.during(source::lost);
    }

    /** Records that can be taken now. */
    public int pending() {
        int[] count = {0};
        lifetime.during(() -> source.show((_, _) -> count[0]++));
        return count[0];
    }

    /** Within a use of the machine. */
    private int take(EventUse use, int most) {
        try (Arena records = Arena.ofConfined()) {
            return source.consume(
                    (at, bytes) -> use.accept(NativeView.of(at, bytes, records).asReadOnly()), most);
        }
    }

    private int poll(Duration timeout, EventUse use, int most) throws InterruptedException {
        long wait = TimeUnit.NANOSECONDS.convert(timeout);
        long start = System.nanoTime();
        while (true) {
            int taken = drain(use, most);
            long left = wait - (System.nanoTime() - start);
            if (taken > 0 || left <= 0) {
                return taken;
            }
            await(left);
        }
    }

    /** Waits without keeping the machine from being closed. */
    private void await(long nanos) throws InterruptedException {
        long news = lifetime.during(() -> {
            source.waiting(1);
            return source.arrivals().now();
        });
        try {
            if (!lifetime.during(source::ready)) {
                source.arrivals().await(news, nanos);
            }
        } finally {
            lifetime.during(() -> source.waiting(-1));
        }
    }

    @Override
    public String toString() {
        return "events of " + name;
    }

    /** What a stream reads. */
    private final class Reading<T> extends Spliterators.AbstractSpliterator<T> {
        private static final Duration LONG = Duration.ofDays(1000);

        private final Function<MemorySegment, T> decode;

        Reading(Function<MemorySegment, T> decode) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.decode = decode;
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            List<T> next = new ArrayList<>(1);
            try {
                while (next.isEmpty()) {
                    poll(LONG, record -> next.add(decode.apply(record)), 1);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            } catch (IllegalStateException thrown) {
                if (lifetime.isOpen()) {
                    throw thrown;
                }
                return false;
            }
            action.accept(next.getFirst());
            return true;
        }
    }
}
