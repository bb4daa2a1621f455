package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * {@code lpm_trie}: a lookup finds the entry with the longest prefix that the key has. A key is the length of its prefix in bits (32 bits,
 * little endian) and then its bits, the most significant first. Updates and deletions mean the prefix exactly.
 *
 * <p>Writers hold one lock, whose word counts: odd while it is held. Readers take none: they walk down and look whether the word is what
 * it was; if not, they walk again, and after some tries with the lock. So an answer is right for one moment of the lookup, though a
 * node may become another one at any time.
 */
public final class LpmTrieMap extends BpfMap {
    private static final int READER_TRIES = 64;
    private static final int NONE = -1;

    private final TrieNodes nodes;
    private final long lock;
    private final long count;
    private final int bits;

    private LpmTrieMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.nodes = new TrieNodes(memory.address(), definition);
        this.lock = memory.address() + MapHeader.LOCK;
        this.count = memory.address() + MapHeader.COUNT;
        this.bits = nodes.bits();
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(TrieNodes.bytes(definition), memory -> new LpmTrieMap(definition, memory));
    }

    @Override
    public long lookup(long key, int slot) {
        int length = Memory.loadInt(key);
        if (Integer.compareUnsigned(length, bits) > 0) {
            return 0;
        }
        for (int tries = 0; tries < READER_TRIES; tries++) {
            int before = Memory.loadIntVolatile(lock);
            int found = longest(key, length);
            Memory.loadFence();
            if ((before & 1) == 0 && Memory.loadIntVolatile(lock) == before) {
                return found == NONE ? 0 : nodes.value(found);
            }
            SpinLock.pause(tries);
        }
        lock();
        try {
            int found = longest(key, length);
            return found == NONE ? 0 : nodes.value(found);
        } finally {
            unlock();
        }
    }

    /** Under the lock, for the node that was found may become another prefix's, and a host is to see the value that it had. */
    @Override
    int copyOut(long key, long to, long flags) {
        int length = Memory.loadInt(key);
        if (Integer.compareUnsigned(length, bits) > 0) {
            return -Errno.ENOENT;
        }
        lock();
        try {
            int found = longest(key, length);
            if (found == NONE) {
                return -Errno.ENOENT;
            }
            show(nodes.value(found), to, flags);
            return 0;
        } finally {
            unlock();
        }
    }

    private int longest(long key, int length) {
        long data = key + TrieNodes.LENGTH_BYTES;
        int found = NONE;
        int at = nodes.behind(nodes.rootLink());
        // Prefixes grow on the way down, unless others change the trie; then the answer is thrown away.
        for (int steps = 0; at >= 0 && steps <= bits; steps++) {
            int prefix = nodes.prefix(at);
            if (nodes.common(at, data, length) < prefix) {
                break;
            }
            if (!nodes.isFork(at)) {
                found = at;
            }
            if (prefix >= bits) {
                break;
            }
            at = nodes.child(at, TrieNodes.bit(data, prefix));
        }
        return found;
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        int length = Memory.loadInt(key);
        if (Long.compareUnsigned(flags, EXIST) > 0 || Integer.compareUnsigned(length, bits) > 0) {
            return -Errno.EINVAL;
        }
        lock();
        try {
            return put(length, key + TrieNodes.LENGTH_BYTES, value, flags);
        } finally {
            unlock();
        }
    }

    private int put(int length, long data, long value, long flags) {
        Path path = new Path(length, data);
        int old = path.node;
        if (path.isExact() && !nodes.isFork(old)) {
            if (flags == NO_EXIST) {
                return -Errno.EEXIST;
            }
        } else {
            int refused = addOne(flags);
            if (refused != 0) {
                return refused;
            }
        }
        int fresh = nodes.make(TrieNodes.ENTRY, length, data);
        fields.copy(value, nodes.value(fresh));
        if (old == NONE) {
            nodes.link(path.link, fresh);
        } else if (path.isExact()) {
            nodes.link(nodes.childLink(fresh, 0), nodes.child(old, 0));
            nodes.link(nodes.childLink(fresh, 1), nodes.child(old, 1));
            nodes.link(path.link, fresh);
            nodes.give(old);
        } else if (path.common == length) {
            nodes.link(nodes.childLink(fresh, TrieNodes.bit(nodes.data(old), length)), old);
            nodes.link(path.link, fresh);
        } else {
            int fork = nodes.make(TrieNodes.FORK, path.common, data);
            int side = TrieNodes.bit(data, path.common);
            nodes.link(nodes.childLink(fork, side), fresh);
            nodes.link(nodes.childLink(fork, 1 - side), old);
            nodes.link(path.link, fork);
        }
        return 0;
    }

    private int addOne(long flags) {
        if (flags == EXIST) {
            return -Errno.ENOENT;
        }
        int entries = Memory.loadInt(count);
        if (entries == (int) definition().maxEntries()) {
            return -Errno.ENOSPC;
        }
        Memory.storeInt(count, entries + 1);
        return 0;
    }

    /** The way down to where a prefix is or would be; for the holder of the lock. */
    private final class Path {
        private final int length;
        /** The link to {@link #node}. */
        long link = nodes.rootLink();
        /** Where the way ends: the first node that does not lead on; {@link #NONE} behind the last. */
        int node = nodes.behind(link);
        /** Bits that it has in common with the prefix. */
        int common;
        /** The node before it, and the link to that. */
        int parent = NONE;

        long parentLink = link;

        Path(int length, long data) {
            this.length = length;
            while (node != NONE) {
                common = nodes.common(node, data, length);
                int prefix = nodes.prefix(node);
                if (prefix != common || prefix == length) {
                    return;
                }
                parent = node;
                parentLink = link;
                link = nodes.childLink(node, TrieNodes.bit(data, prefix));
                node = nodes.behind(link);
            }
        }

        /** Whether the way ends at a node of this very prefix, be it an entry or not. */
        boolean isExact() {
            return node != NONE && nodes.prefix(node) == length && common == length;
        }
    }

    @Override
    public int delete(long key) {
        int length = Memory.loadInt(key);
        if (Integer.compareUnsigned(length, bits) > 0) {
            return -Errno.EINVAL;
        }
        lock();
        try {
            Path path = new Path(length, key + TrieNodes.LENGTH_BYTES);
            if (!path.isExact() || nodes.isFork(path.node)) {
                return -Errno.ENOENT;
            }
            Memory.addInt(count, -1);
            remove(path);
            return 0;
        } finally {
            unlock();
        }
    }

    private void remove(Path path) {
        int node = path.node;
        int left = nodes.child(node, 0);
        int right = nodes.child(node, 1);
        if (left != NONE && right != NONE) {
            nodes.state(node, TrieNodes.FORK);
        } else if (left == NONE && right == NONE && path.parent != NONE && nodes.isFork(path.parent)) {
            // A fork with one child parts nothing.
            int sibling = nodes.child(path.parent, nodes.child(path.parent, 0) == node ? 1 : 0);
            nodes.link(path.parentLink, sibling);
            nodes.give(path.parent);
            nodes.give(node);
        } else {
            nodes.link(path.link, left != NONE ? left : right);
            nodes.give(node);
        }
    }

    /** Longer prefixes come before those that contain them, and what begins with 0 before what begins with 1. */
    @Override
    int nextKey(long key, long next) {
        lock();
        try {
            int root = nodes.behind(nodes.rootLink());
            if (root == NONE) {
                return -Errno.ENOENT;
            }
            int found = key == 0 || Integer.compareUnsigned(Memory.loadInt(key), bits) > 0
                    ? first(root)
                    : behind(root, Memory.loadInt(key), key + TrieNodes.LENGTH_BYTES);
            if (found == NONE) {
                return -Errno.ENOENT;
            }
            nodes.copyKey(found, next);
            return 0;
        } finally {
            unlock();
        }
    }

    private int behind(int root, int length, long data) {
        List<Integer> way = new ArrayList<>();
        Path path = new Path(length, data);
        if (!path.isExact() || nodes.isFork(path.node)) {
            return first(root);
        }
        for (int at = root; at != path.node; at = nodes.child(at, TrieNodes.bit(data, nodes.prefix(at)))) {
            way.add(at);
        }
        int below = path.node;
        while (!way.isEmpty()) {
            int parent = way.removeLast();
            int other = nodes.child(parent, 1);
            if (nodes.child(parent, 0) == below && other != NONE) {
                return first(other);
            }
            if (!nodes.isFork(parent)) {
                return parent;
            }
            below = parent;
        }
        return NONE;
    }

    /** The entry that comes first below a node, which may be its own. */
    private int first(int node) {
        int at = node;
        while (true) {
            int left = nodes.child(at, 0);
            int right = nodes.child(at, 1);
            if (left == NONE && right == NONE) {
                return at;
            }
            at = left != NONE ? left : right;
        }
    }

    @Override
    public void each(Consumer<MapEntry> use) {
        List<MapEntry> all = new ArrayList<>();
        lock();
        try {
            below(nodes.behind(nodes.rootLink()), node -> all.add(entry(node)));
        } finally {
            unlock();
        }
        all.sort((a, b) -> Arrays.compareUnsigned(a.key().toArray(), b.key().toArray()));
        all.forEach(use);
    }

    private void below(int node, IntConsumer use) {
        if (node == NONE) {
            return;
        }
        below(nodes.child(node, 0), use);
        below(nodes.child(node, 1), use);
        if (!nodes.isFork(node)) {
            use.accept(node);
        }
    }

    private MapEntry entry(int node) {
        int keySize = definition().keySize();
        byte[] key = new byte[keySize];
        int prefix = nodes.prefix(node);
        for (int i = 0; i < TrieNodes.LENGTH_BYTES; i++) {
            key[i] = (byte) (prefix >>> (8 * i));
        }
        byte[] data = Memory.copyOut(nodes.data(node), keySize - TrieNodes.LENGTH_BYTES);
        System.arraycopy(data, 0, key, TrieNodes.LENGTH_BYTES, data.length);
        return new MapEntry(ByteString.copyOf(key), List.of(fields.shown(nodes.value(node))));
    }

    private void lock() {
        for (int tries = 0; ; tries++) {
            int now = Memory.loadIntVolatile(lock);
            if ((now & 1) == 0 && Memory.compareAndSetInt(lock, now, now + 1)) {
                return;
            }
            SpinLock.pause(tries);
        }
    }

    private void unlock() {
        Memory.storeIntVolatile(lock, Memory.loadInt(lock) + 1);
    }

    @Override
    public boolean inValue(long address, long bytes) {
        return nodes.inValue(address, bytes);
    }
}
