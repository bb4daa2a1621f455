package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.HashShape.FREE_LINK;
import static dev.turnout.runtime.map.HashShape.SPARE_BYTES;
import static dev.turnout.runtime.map.HashShape.STATE;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;

/**
 * The elements of a hash table that hold no key: a stack of their numbers, behind it those that were never used, and for each CPU slot
 * one that is spare. A new key takes what was freed last. A new value of a key that is there takes the spare element and leaves the old
 * one in its place, so it never lacks one, and what programs still see through the address of an old value stays until the next
 * replacement on that CPU. That is the order in which Linux uses its preallocated elements.
 *
 * <p>The top of the stack carries a count of its changes: a thread that has read the element below may be late, and the same element on
 * top again.
 */
final class FreeElements {
    private static final int FREE = 0;

    private final long header;
    private final HashTable table;
    private final int capacity;
    private final long spareWords;

    FreeElements(long header, HashTable table, HashShape shape) {
        this.header = header;
        this.table = table;
        this.capacity = shape.capacity();
        this.spareWords = header + shape.sparesAt();
    }

    /** An element for a new key, or a negative number if there is none. */
    int take() {
        while (true) {
            long top = Memory.loadLongVolatile(header + MapHeader.FREE);
            int element = (int) top - 1;
            if (element >= 0) {
                int below = Memory.loadIntVolatile(table.element(element) + FREE_LINK);
                if (Memory.compareAndSetLong(header + MapHeader.FREE, top, changed(top, below))) {
                    return element;
                }
                continue;
            }
            int used = Memory.loadIntVolatile(header + MapHeader.USED);
            if (used >= capacity) {
                return -1;
            }
            if (Memory.compareAndSetInt(header + MapHeader.USED, used, used + 1)) {
                return used;
            }
        }
    }

    /** Frees an element that is in no chain any more. */
    void give(int element) {
        Memory.storeIntVolatile(table.element(element) + STATE, FREE);
        while (true) {
            long top = Memory.loadLongVolatile(header + MapHeader.FREE);
            Memory.storeIntVolatile(table.element(element) + FREE_LINK, (int) top);
            if (Memory.compareAndSetLong(header + MapHeader.FREE, top, changed(top, element + 1))) {
                return;
            }
        }
    }

    private static long changed(long top, int element) {
        return (((top >>> 32) + 1) << 32) | (element & 0xffff_ffffL);
    }

    /**
     * The spare element of a CPU slot. Hosts use slot 0 beside the run that has leased it: who comes second waits until the first, who
     * needs nothing from him, has put the old element in its place.
     */
    int takeSpare(int slot) {
        long word = spareWords + (long) slot * SPARE_BYTES;
        for (int tries = 0; ; tries++) {
            int spare = Memory.exchangeInt(word, 0);
            if (spare != 0) {
                return spare - 1;
            }
            SpinLock.pause(tries);
        }
    }

    /** What is spare from now on, after {@link #takeSpare} on the same slot. */
    void giveSpare(int slot, int element) {
        Memory.storeIntVolatile(table.element(element) + STATE, FREE);
        Memory.storeRelease(spareWords + (long) slot * SPARE_BYTES, 4, element + 1);
    }
}
