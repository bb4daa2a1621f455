package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.HashShape.BUCKET_BYTES;
import static dev.turnout.runtime.map.HashShape.BUCKET_LOCK;
import static dev.turnout.runtime.map.HashShape.HASH;
import static dev.turnout.runtime.map.HashShape.KEY;
import static dev.turnout.runtime.map.HashShape.NEXT;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;

/**
 * Chains of elements by the hash of their keys: what all kinds of hash tables are made of. Elements are numbers; what a value is and
 * who may have one is for others to say.
 *
 * <p>Readers walk a chain without a lock. Writers hold their bucket's lock, whose word counts: odd while it is held, larger after each
 * change. A replacement is linked in front before the old element is unlinked. A reader who finds his key is done: the key was there. One
 * who does not, and sees that the bucket changed meanwhile, starts over: the element that he stood on may have been freed, used again,
 * and have led him elsewhere. After some tries he takes the lock.
 *
 * <p>The hash has no secret: the same keys stand in the same order in each run, which walks of programs show.
 */
final class HashTable {
    private static final int READER_TRIES = 64;

    private final int keySize;
    private final long buckets;
    private final int mask;
    private final long elements;
    private final long elementStride;
    private final long values;
    private final long stride;
    private final long slotStride;

    HashTable(long header, HashShape shape) {
        this.keySize = shape.keySize();
        this.buckets = header + shape.bucketsAt();
        this.mask = shape.buckets() - 1;
        this.elements = header + shape.elementsAt();
        this.elementStride = shape.elementStride();
        this.values = header + shape.valuesAt();
        this.stride = shape.stride();
        this.slotStride = shape.slotStride();
    }

    int buckets() {
        return mask + 1;
    }

    int bucketOf(int hash) {
        return hash & mask;
    }

    int hashOf(int element) {
        return Memory.loadInt(element(element) + HASH);
    }

    long element(int element) {
        return elements + element * elementStride;
    }

    long key(int element) {
        return element(element) + KEY;
    }

    long value(int element, int slot) {
        return values + slot * slotStride + element * stride;
    }

    /** Gives a new element its key; it is in no chain yet. */
    void name(int element, long key, int hash) {
        Memory.storeInt(element(element) + HASH, hash);
        Memory.copy(key, key(element), keySize);
    }

    // Links hold the number of an element plus 1, so that fresh memory is a table of empty chains.

    /** The first element of a chain, or a negative number. */
    int head(int bucket) {
        return (int) Memory.loadAcquire(bucket(bucket), 4) - 1;
    }

    /** The element behind this one in its chain, or a negative number. */
    int next(int element) {
        return (int) Memory.loadAcquire(element(element) + NEXT, 4) - 1;
    }

    private long bucket(int bucket) {
        return buckets + (long) bucket * BUCKET_BYTES;
    }

    /** The number of the element that holds the key, or a negative number. Takes no lock, as a rule. */
    int find(long key, int hash) {
        int bucket = bucketOf(hash);
        for (int tries = 0; tries < READER_TRIES; tries++) {
            int before = state(bucket);
            int found = scan(key, hash);
            if (found >= 0 || isStill(bucket, before)) {
                return found;
            }
            SpinLock.pause(tries);
        }
        lock(bucket);
        try {
            return scan(key, hash);
        } finally {
            unlock(bucket);
        }
    }

    /** One walk along the chain; exact only for the holder of the bucket's lock. */
    int scan(long key, int hash) {
        for (int at = head(bucketOf(hash)); at >= 0; at = next(at)) {
            long element = element(at);
            if (Memory.loadInt(element + HASH) == hash && Memory.same(element + KEY, key, keySize)) {
                return at;
            }
        }
        return -1;
    }

    // For holders of the bucket's lock.

    boolean isLinked(int bucket, int element) {
        for (int at = head(bucket); at >= 0; at = next(at)) {
            if (at == element) {
                return true;
            }
        }
        return false;
    }

    void link(int bucket, int element) {
        Memory.storeInt(element(element) + NEXT, head(bucket) + 1);
        Memory.storeRelease(bucket(bucket), 4, element + 1);
    }

    /** The element's own link stays: a reader who stands on it goes on in the chain that he came by. */
    void unlink(int bucket, int element) {
        long place = bucket(bucket);
        int at = head(bucket);
        while (at != element) {
            place = element(at) + NEXT;
            at = next(at);
        }
        Memory.storeRelease(place, 4, next(element) + 1);
    }

    void lock(int bucket) {
        long word = bucket(bucket) + BUCKET_LOCK;
        for (int tries = 0; ; tries++) {
            int now = Memory.loadIntVolatile(word);
            if ((now & 1) == 0 && Memory.compareAndSetInt(word, now, now + 1)) {
                return;
            }
            SpinLock.pause(tries);
        }
    }

    void unlock(int bucket) {
        long word = bucket(bucket) + BUCKET_LOCK;
        Memory.storeIntVolatile(word, Memory.loadInt(word) + 1);
    }

    /** What {@link #isStill} compares with. */
    int state(int bucket) {
        return Memory.loadIntVolatile(bucket(bucket) + BUCKET_LOCK);
    }

    /** Whether nobody held the bucket's lock since the state was read: what was read since is of one moment. */
    boolean isStill(int bucket, int state) {
        // What was read comes before this.
        Memory.loadFence();
        return (state & 1) == 0 && state(bucket) == state;
    }

    int hash(long key) {
        return (int) Hashing.of(key, keySize);
    }
}
