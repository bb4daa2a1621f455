package dev.turnout.runtime.memory;

/**
 * Locks that are 32 bits of native memory, aligned to 4: 0 while free, 1 while held, so that fresh memory is a free lock and compiled
 * code can take one with a compare and exchange. Who waits spins a little, then lets others run: whoever holds the lock may need our
 * processor. They are not reentrant, not fair, and know no owner.
 */
public final class SpinLock {
    private static final int SPINS = 100;

    private SpinLock() {}

    /** Waits for the lock and takes it. What its last holder wrote is seen after this. */
    public static void acquire(long word) {
        for (int tries = 0; !tryAcquire(word); tries++) {
            pause(tries);
        }
    }

    public static boolean tryAcquire(long word) {
        return Memory.loadIntVolatile(word) == 0 && Memory.compareAndSetInt(word, 0, 1);
    }

    /** Frees a lock that the caller holds. */
    public static void release(long word) {
        Memory.storeRelease(word, 4, 0);
    }

    /**
     * What a thread does between two tries of anything that another thread must end soon.
     *
     * @param tries how often it has tried
     */
    @SuppressWarnings("ThreadPriorityCheck") // Whoever we wait for may wait for our processor.
    public static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
