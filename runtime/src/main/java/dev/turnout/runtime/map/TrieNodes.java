package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Memory;

/**
 * The nodes of a prefix trie in native memory: two children, the length of a prefix, its bits, and the value if the prefix is an entry.
 * Nodes are numbers; links hold a number plus 1. A prefix that is no entry stands where two others part, and has both children.
 *
 * <p>Of the memory for nodes, what was never used is used first, then what was freed longest ago: a program that looked up a value sees
 * it for as long as possible after it was deleted, as Linux, which frees no node while a program runs, lets it.
 */
final class TrieNodes {
    static final int FREE = 0;
    static final int ENTRY = 1;
    /** Only parts two others. */
    static final int FORK = 2;

    private static final int CHILDREN = 0;
    private static final int PREFIX = 8;
    private static final int STATE = 12;
    private static final int FREE_LINK = 16;
    private static final int DATA = 24;

    /** Bytes before the bits of a key: the length of its prefix. */
    static final int LENGTH_BYTES = 4;

    /** Nodes besides those of a full trie. */
    private static final int SPARES = 64;

    private final long header;
    private final long nodes;
    private final long stride;
    private final int valueAt;
    private final int dataBytes;
    private final int valueSize;
    private final int capacity;

    TrieNodes(long header, MapDefinition definition) {
        this.header = header;
        this.nodes = header + MapHeader.SIZE;
        this.dataBytes = dataBytes(definition);
        this.valueAt = valueAt(definition);
        this.valueSize = definition.valueSize();
        this.stride = stride(definition);
        this.capacity = (int) capacity(definition);
        Memory.storeLong(header + MapHeader.ELEMENTS, nodes);
        Memory.storeInt(header + MapHeader.ELEMENT_STRIDE, (int) stride);
        Memory.storeInt(header + MapHeader.ELEMENT_VALUE, valueAt);
        Memory.storeInt(header + MapHeader.CAPACITY, capacity);
    }

    /** Bytes of a trie, header included. */
    static long bytes(MapDefinition definition) {
        return MapHeader.SIZE + capacity(definition) * stride(definition);
    }

    private static int dataBytes(MapDefinition definition) {
        return definition.keySize() - LENGTH_BYTES;
    }

    private static int valueAt(MapDefinition definition) {
        return DATA + (int) MapFactory.padded(dataBytes(definition));
    }

    private static long stride(MapDefinition definition) {
        return valueAt(definition) + MapFactory.padded(definition.valueSize());
    }

    /** A trie of n entries has fewer than n forks. */
    private static long capacity(MapDefinition definition) {
        return 2 * definition.maxEntries() + SPARES;
    }

    int bits() {
        return 8 * dataBytes;
    }

    private long node(int node) {
        return nodes + node * stride;
    }

    long value(int node) {
        return node(node) + valueAt;
    }

    long data(int node) {
        return node(node) + DATA;
    }

    /** Length of its prefix in bits. */
    int prefix(int node) {
        return Memory.loadInt(node(node) + PREFIX);
    }

    int state(int node) {
        return Memory.loadInt(node(node) + STATE);
    }

    void state(int node, int state) {
        Memory.storeInt(node(node) + STATE, state);
    }

    boolean isFork(int node) {
        return state(node) == FORK;
    }

    /** The child on the side of a bit, or a negative number. */
    int child(int node, int bit) {
        return (int) Memory.loadAcquire(node(node) + CHILDREN + 4L * bit, 4) - 1;
    }

    /** Where a link stands: the root's, or that of a child. */
    long rootLink() {
        return header + MapHeader.ROOT;
    }

    long childLink(int node, int bit) {
        return node(node) + CHILDREN + 4L * bit;
    }

    int behind(long link) {
        return (int) Memory.loadAcquire(link, 4) - 1;
    }

    /** Makes a link lead to a node that is complete, or nowhere if its number is negative. */
    void link(long link, int node) {
        Memory.storeRelease(link, 4, node + 1);
    }

    /** The bit of some key's data at a position that counts from its most significant one. */
    static int bit(long data, int position) {
        return Memory.loadByte(data + position / 8) >> (7 - position % 8) & 1;
    }

    /** How many bits a node's prefix and a key of {@code length} bits have in common. */
    int common(int node, long data, int length) {
        int limit = Math.min(prefix(node), length);
        long own = data(node);
        int at = 0;
        for (; at + 8 <= dataBytes && 8 * at < limit; at += 8) {
            long differ = Memory.loadLong(own + at) ^ Memory.loadLong(data + at);
            if (differ != 0) {
                return Math.min(limit, 8 * at + Long.numberOfLeadingZeros(Long.reverseBytes(differ)));
            }
        }
        if (at + 4 <= dataBytes && 8 * at < limit) {
            int differ = Memory.loadInt(own + at) ^ Memory.loadInt(data + at);
            if (differ != 0) {
                return Math.min(limit, 8 * at + Integer.numberOfLeadingZeros(Integer.reverseBytes(differ)));
            }
            at += 4;
        }
        for (; at < dataBytes && 8 * at < limit; at++) {
            int differ = (Memory.loadByte(own + at) ^ Memory.loadByte(data + at)) & 0xff;
            if (differ != 0) {
                return Math.min(limit, 8 * at + Integer.numberOfLeadingZeros(differ) - 24);
            }
        }
        return limit;
    }

    // For the holder of the trie's lock.

    /** A node without children. */
    int make(int state, int prefix, long data) {
        int node = take();
        Memory.storeLong(node(node) + CHILDREN, 0);
        Memory.storeInt(node(node) + PREFIX, prefix);
        Memory.copy(data, data(node), dataBytes);
        state(node, state);
        return node;
    }

    private int take() {
        int used = Memory.loadInt(header + MapHeader.USED);
        if (used < capacity) {
            Memory.storeInt(header + MapHeader.USED, used + 1);
            return used;
        }
        int node = Memory.loadInt(header + MapHeader.FREE) - 1;
        int behind = Memory.loadInt(node(node) + FREE_LINK);
        Memory.storeInt(header + MapHeader.FREE, behind);
        if (behind == 0) {
            Memory.storeInt(header + MapHeader.LAST_FREE, 0);
        }
        return node;
    }

    void give(int node) {
        state(node, FREE);
        Memory.storeInt(node(node) + FREE_LINK, 0);
        int last = Memory.loadInt(header + MapHeader.LAST_FREE);
        if (last == 0) {
            Memory.storeInt(header + MapHeader.FREE, node + 1);
        } else {
            Memory.storeInt(node(last - 1) + FREE_LINK, node + 1);
        }
        Memory.storeInt(header + MapHeader.LAST_FREE, node + 1);
    }

    /** Writes a node's prefix as a key. */
    void copyKey(int node, long to) {
        Memory.storeInt(to, prefix(node));
        Memory.copy(data(node), to + LENGTH_BYTES, dataBytes);
    }

    boolean inValue(long address, long bytes) {
        long at = address - nodes;
        if (at < 0 || bytes < 0 || bytes > valueSize || at >= capacity * stride) {
            return false;
        }
        long inNode = at % stride - valueAt;
        return inNode >= 0 && inNode + bytes <= valueSize;
    }
}
