package dev.turnout.api;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * How long native memory must stay: as long as somebody is at it. Short uses hold the read lock, so that closing waits for them;
 * runners are counted, and closing refuses while there are any, because a wait for one that nobody closes would never end. A run
 * of a runner therefore needs no lock: its machine cannot be closed under it.
 */
final class Lifetime {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicInteger runners = new AtomicInteger();
    private final int slots;
    private boolean closed;

    Lifetime(int slots) {
        this.slots = slots;
    }

    /** Begins a short use, which {@link #leave} ends. */
    void enter() {
        lock.readLock().lock();
        if (closed) {
            lock.readLock().unlock();
            throw new IllegalStateException("the machine is closed");
        }
    }

    /** Whether a short use could begin now. */
    boolean isOpen() {
        lock.readLock().lock();
        try {
            return !closed;
        } finally {
            lock.readLock().unlock();
        }
    }

    void leave() {
        lock.readLock().unlock();
    }

    /** A short use that gives something. */
    <T> T during(Supplier<T> use) {
        enter();
        try {
            return use.get();
        } finally {
            leave();
        }
    }

    /** A short use that gives nothing. */
    void during(Runnable use) {
        enter();
        try {
            use.run();
        } finally {
            leave();
        }
    }

    /** Begins a run, which is a short use that needs a slot: waits for one must not depend on this thread or on open runners. */
    void enterRun() {
        if (lock.getReadHoldCount() > 0) {
            throw new IllegalStateException("a run cannot begin within a run of the same machine and thread");
        }
        enter();
        try {
            demandSlot();
        } catch (IllegalStateException none) {
            leave();
            throw none;
        }
    }

    private void demandSlot() {
        if (runners.get() >= slots) {
            throw new IllegalStateException(
                    "open runners hold all " + slots + " slots of the machine: close some, or load it with more slots");
        }
    }

    /** Within a short use: counts a new runner. */
    void open() {
        int before = runners.getAndUpdate(count -> Math.min(count + 1, slots));
        if (before == slots) {
            demandSlot();
        }
    }

    void closeRunner() {
        runners.decrementAndGet();
    }

    /**
     * Ends all uses: waits for short ones, then frees what they used. Does nothing if that was done before.
     *
     * @param free may throw {@link IllegalStateException}, and then nothing is freed and uses go on
     */
    void close(Runnable free) {
        if (lock.getReadHoldCount() > 0) {
            throw new IllegalStateException("a machine cannot be closed from within one of its runs");
        }
        lock.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            if (runners.get() > 0) {
                throw new IllegalStateException(
                        "the machine cannot be closed: " + runners.get() + " of its runners are open");
            }
            free.run();
            closed = true;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
