package dev.turnout.runtime.map;

import java.util.concurrent.TimeUnit;

/**
 * How consumers of records sleep. A count of news, which whoever waits remembers before he looks for records, so that what comes
 * between looking and waiting is not missed. Outside of native memory: a wait may go on when the machine is closed, which is news.
 */
public final class Arrivals {
    private long news;

    /** What {@link #await} is told. */
    public synchronized long now() {
        return news;
    }

    /** Wakes all who wait. */
    synchronized void tell() {
        news++;
        notifyAll();
    }

    /** Waits until there was news since {@code before}, or so many nanoseconds. */
    public synchronized void await(long before, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; news == before && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
