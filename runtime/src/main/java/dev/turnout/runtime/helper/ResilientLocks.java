package dev.turnout.runtime.helper;

import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;

/**
 * {@code bpf_res_spin_lock}: a lock that gives up instead of hanging. The word holds the number of the CPU slot that has the lock, plus
 * 1, so whoever wants it twice is told at once. Two that wait for each other's locks are told after a quarter of a second, where Linux
 * finds out earlier and says {@code -EDEADLK}.
 */
final class ResilientLocks {
    private static final int BYTES = 4;
    private static final long PATIENCE_NANOS = 250_000_000;

    private ResilientLocks() {}

    static long acquire(CallSite site, long lock) {
        site.writes(lock, BYTES);
        int me = site.slot() + 1;
        long start = System.nanoTime();
        for (int tries = 0; ; tries++) {
            int holder = Memory.compareAndExchangeInt(lock, 0, me);
            if (holder == 0) {
                return 0;
            }
            if (holder == me) {
                return -Errno.EDEADLK;
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                return -Errno.ETIMEDOUT;
            }
            SpinLock.pause(tries);
        }
    }

    static long release(CallSite site, long lock) {
        site.writes(lock, BYTES);
        Memory.storeIntVolatile(lock, 0);
        return 0;
    }
}
