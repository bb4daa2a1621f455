package dev.turnout.linux.load;

import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.linux.syscall.MappedPages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The consumer's side of a {@code ringbuf} in the kernel, by the memory that it shares: a page with the consumer's position, a page with
 * the producers', the data, and the data once more. For one thread, which is the map's only consumer.
 *
 * <p>Source: Linux, {@code Documentation/bpf/ringbuf.rst}.
 */
final class KernelRing implements AutoCloseable {
    private static final long PAGE = MappedPages.PAGE;
    private static final int HEADER = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();

    private final long mask;
    private final MappedPages consumer;
    private final MappedPages producers;

    /** @param size bytes of data, a power of two */
    KernelRing(Descriptor map, long size) {
        this.mask = size - 1;
        this.consumer = MappedPages.of(map, 0, PAGE, true);
        this.producers = MappedPages.of(map, PAGE, PAGE + 2 * size, false);
    }

    /** The records that are finished, oldest first; they stay. */
    List<ByteString> records() {
        List<ByteString> all = new ArrayList<>();
        walk(record -> {
            all.add(record);
            return true;
        });
        return all;
    }

    /** Takes the oldest record; empty if it is not finished or there is none. */
    Optional<ByteString> take() {
        List<ByteString> first = new ArrayList<>(1);
        long behind = walk(record -> {
            first.add(record);
            return false;
        });
        POSITION.setRelease(consumer.bytes(), 0L, behind);
        return first.stream().findFirst();
    }

    /** Shows records as long as they are wanted; the position behind the last that was looked at. */
    private long walk(Predicate<ByteString> more) {
        MemorySegment shared = producers.bytes();
        long at = (long) POSITION.getVolatile(consumer.bytes(), 0L);
        long end = (long) POSITION.getAcquire(shared, 0L);
        boolean wanted = true;
        while (wanted && at != end) {
            long header = PAGE + (at & mask);
            int length = (int) LENGTH.getAcquire(shared, header);
            if ((length & BUSY) != 0) {
                break;
            }
            int bytes = length & ~DISCARDED;
            at += (bytes + HEADER + 7L) & -8;
            if ((length & DISCARDED) == 0) {
                wanted = more.test(
                        ByteString.copyOf(shared.asSlice(header + HEADER, bytes).toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return at;
    }

    @Override
    public void close() {
        consumer.close();
        producers.close();
    }
}
