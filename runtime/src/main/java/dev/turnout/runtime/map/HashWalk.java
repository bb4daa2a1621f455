package dev.turnout.runtime.map;

import dev.turnout.runtime.memory.Memory;
import java.util.Arrays;

/**
 * A walk over the elements of a hash table, bucket by bucket. What stands in a bucket is noted when the walk comes to it: a chain may
 * change under the walk, and its elements lead elsewhere then.
 */
final class HashWalk implements MapWalk {
    private final HashTable table;
    private final int slot;
    private int bucket = -1;
    private int[] chain = new int[4];
    private int length;
    private int at = -1;

    HashWalk(HashTable table, int slot) {
        this.table = table;
        this.slot = slot;
    }

    @Override
    public boolean advance() {
        while (true) {
            at++;
            while (at >= length) {
                bucket++;
                if (bucket >= table.buckets()) {
                    return false;
                }
                note();
                at = 0;
            }
            if (isThere(chain[at])) {
                return true;
            }
        }
    }

    private void note() {
        length = 0;
        if (table.head(bucket) < 0) {
            return;
        }
        table.lock(bucket);
        try {
            for (int element = table.head(bucket); element >= 0; element = table.next(element)) {
                if (length == chain.length) {
                    chain = Arrays.copyOf(chain, 2 * length);
                }
                chain[length++] = element;
            }
        } finally {
            table.unlock(bucket);
        }
    }

    private boolean isThere(int element) {
        return Memory.loadIntVolatile(table.element(element) + HashShape.STATE) != 0
                && table.bucketOf(table.hashOf(element)) == bucket;
    }

    @Override
    public long key() {
        return table.key(chain[at]);
    }

    @Override
    public long value() {
        return table.value(chain[at], slot);
    }
}
