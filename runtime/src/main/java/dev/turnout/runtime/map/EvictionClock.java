package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.HashShape.STATE;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;

/**
 * Chooses who leaves a full LRU table: a hand goes over the elements, and one that was looked up since it last passed is spared once.
 * Linux keeps an active and an inactive list and moves elements between them in batches, per CPU in part; what it promises, and this
 * keeps, is that a new key finds room and that what is used often stays. Victims differ.
 */
final class EvictionClock {
    static final int PRESENT = 1;
    static final int REFERENCED = 2;

    private final long header;
    private final HashTable table;
    private final FreeElements free;
    private final int elements;

    EvictionClock(long header, HashTable table, FreeElements free, HashShape shape) {
        this.header = header;
        this.table = table;
        this.free = free;
        this.elements = shape.elements();
    }

    /** Notes that the element was used. A late note spares whoever is there now once too often. */
    void touch(int element) {
        long state = table.element(element) + STATE;
        if (Memory.loadInt(state) == PRESENT) {
            Memory.compareAndSetInt(state, PRESENT, REFERENCED);
        }
    }

    /**
     * Takes a free element, or the one that the hand comes to; for a caller who holds no lock. It always ends: elements that are neither
     * free nor in a chain are in the hands of threads that will soon put them there.
     */
    int takeOrEvict() {
        for (int tries = 0; ; tries++) {
            int element = free.take();
            if (element >= 0) {
                return element;
            }
            for (long steps = 0; steps < 2L * elements; steps++) {
                element = Integer.remainderUnsigned(Memory.addInt(header + MapHeader.HAND, 1), elements);
                if (evict(element)) {
                    return element;
                }
            }
            SpinLock.pause(tries);
        }
    }

    private boolean evict(int element) {
        long state = table.element(element) + STATE;
        if (Memory.compareAndSetInt(state, REFERENCED, PRESENT) || Memory.loadIntVolatile(state) != PRESENT) {
            return false;
        }
        int bucket = table.bucketOf(table.hashOf(element));
        table.lock(bucket);
        try {
            if (!table.isLinked(bucket, element)) {
                return false;
            }
            table.unlink(bucket, element);
            return true;
        } finally {
            table.unlock(bucket);
        }
    }
}
