package dev.turnout.api;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.UserRingMap;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A {@code user_ringbuf}: records that Java writes and programs drain, each once, oldest first. May be used by many threads while programs
 * run. Every method throws {@link IllegalStateException} once the machine is closed, also out of a wait that is under way.
 */
public final class UserRing {
    private final UserRingMap map;
    private final Lifetime lifetime;

    UserRing(UserRingMap map, Lifetime lifetime) {
        this.map = map;
        this.lifetime = lifetime;
    }

    /** Of the map. */
    public String name() {
        return map.definition().name();
    }

    /**
     * Writes a record, if there is room for it now.
     *
     * @return false if there is none
     * @throws IllegalArgumentException if the ring could never hold it: it has 8 bytes more than the record, rounded up to a multiple of 8
     */
    public boolean offer(byte[] record) {
        return lifetime.during(() -> submit(ByteString.copyOf(record)));
    }

    /**
     * The same, waiting so long for programs to make room.
     *
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was written then
     */
    public boolean offer(byte[] record, Duration timeout) throws InterruptedException {
        ByteString bytes = ByteString.copyOf(record);
        long wait = TimeUnit.NANOSECONDS.convert(timeout);
        long start = System.nanoTime();
        while (true) {
            // Asked for before the ring is looked at: room that is made in between ends the wait.
            long news = map.roomMade().now();
            if (lifetime.during(() -> submit(bytes))) {
                return true;
            }
            long left = wait - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            map.roomMade().await(news, left);
        }
    }

    /** Records that no program has drained yet. */
    public int pending() {
        return lifetime.during(() -> map.entries().size());
    }

    private boolean submit(ByteString record) {
        int result = map.submit(record);
        if (result == -Errno.E2BIG) {
            throw new IllegalArgumentException("a record of " + record.size() + " bytes into " + map + " of "
                    + map.definition().maxEntries() + " bytes");
        }
        return result == 0;
    }

    @Override
    public String toString() {
        return map.toString();
    }
}
