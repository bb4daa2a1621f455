package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.function.Consumer;

/**
 * {@code bloom_filter}: bits, some of which each pushed value sets. A value that was pushed is always found; one that was not may be found
 * too, more often the fuller the filter is. Setting a bit is one atomic or, so no thread needs a lock.
 *
 * <p>There are as many bits as Linux gives: entries × functions × 7/5, the size at which half of them are set when all entries are there,
 * rounded up to a power of two. The functions are ours, so which values are found wrongly is not as in Linux.
 */
public final class BloomFilterMap extends BpfMap {
    /** Hash functions if the definition names no number. */
    private static final int USUAL_HASHES = 5;

    private static final long FEWEST_BITS = 64;
    private static final long MOST_BITS = 1L << 32;

    private final long bits;
    private final long mask;
    private final int hashes;
    private final int valueSize;

    private BloomFilterMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        long header = memory.address();
        this.bits = header + MapHeader.SIZE;
        this.mask = bitsOf(definition) - 1;
        this.hashes = hashes(definition);
        this.valueSize = definition.valueSize();
        Memory.storeLong(header + MapHeader.VALUES, bits);
        Memory.storeInt(header + MapHeader.BUCKET_MASK, (int) mask);
        Memory.storeInt(header + MapHeader.HASHES, hashes);
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(
                MapHeader.SIZE + bitsOf(definition) / 8, memory -> new BloomFilterMap(definition, memory));
    }

    private static int hashes(MapDefinition definition) {
        return definition.extra() == 0 ? USUAL_HASHES : (int) definition.extra();
    }

    private static long bitsOf(MapDefinition definition) {
        long wanted = definition.maxEntries() * hashes(definition) / 5 * 7;
        if (wanted > MOST_BITS / 2) {
            return MOST_BITS;
        }
        return wanted <= FEWEST_BITS ? FEWEST_BITS : Long.highestOneBit(wanted - 1) << 1;
    }

    @Override
    public int push(long value, long flags) {
        if (flags != ANY) {
            return -Errno.EINVAL;
        }
        long hash = hash(value);
        for (int i = 0; i < hashes; i++) {
            long bit = bit(hash, i);
            Memory.orLong(word(bit), 1L << bit);
        }
        return 0;
    }

    @Override
    public int peek(long value) {
        long hash = hash(value);
        for (int i = 0; i < hashes; i++) {
            long bit = bit(hash, i);
            if ((Memory.loadLong(word(bit)) >>> bit & 1) == 0) {
                return -Errno.ENOENT;
            }
        }
        return 0;
    }

    private long word(long bit) {
        return bits + (bit >>> 6) * 8;
    }

    /** Two halves of one hash make as many as are wanted: Kirsch and Mitzenmacher, "Less Hashing, Same Performance", 2006. */
    private long bit(long hash, int function) {
        return (hash + function * (hash >>> 32 | 1)) & mask;
    }

    private long hash(long value) {
        return Hashing.of(value, valueSize);
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        return -Errno.EINVAL;
    }

    @Override
    public int delete(long key) {
        return -Errno.EOPNOTSUPP;
    }

    /** Hosts ask by {@link #test}. */
    @Override
    int copyOut(long key, long to, long flags) {
        return -Errno.EINVAL;
    }

    @Override
    int nextKey(long key, long next) {
        return -Errno.EOPNOTSUPP;
    }

    /** What was pushed cannot be told from the bits. */
    @Override
    public void each(Consumer<MapEntry> use) {}
}
