package dev.turnout.runtime.map;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/** Sees to it that there is one consumer at a time. */
final class ConsumerTurn {
    private final ReentrantLock lock = new ReentrantLock();

    /** @throws IllegalStateException from within another turn of this thread: a record would be there twice */
    int alone(IntSupplier use) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("records cannot be taken while one is being looked at");
        }
        lock.lock();
        try {
            return use.getAsInt();
        } finally {
            lock.unlock();
        }
    }
}
