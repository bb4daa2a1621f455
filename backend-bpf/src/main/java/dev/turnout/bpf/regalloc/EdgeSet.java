package dev.turnout.bpf.regalloc;

/** A set of unordered pairs of registers: open addressing, since few of all pairs interfere. */
final class EdgeSet {
    private long[] table = new long[1 << 10];
    private int size;

    private static long key(int a, int b) {
        // Never 0: the smaller is at least 0, the larger at least 1.
        return a < b ? (long) a << 32 | b : (long) b << 32 | a;
    }

    private static int slot(long key, int mask) {
        long mixed = key * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32) & mask;
    }

    boolean contains(int a, int b) {
        long key = key(a, b);
        int mask = table.length - 1;
        for (int i = slot(key, mask); table[i] != 0; i = (i + 1) & mask) {
            if (table[i] == key) {
                return true;
            }
        }
        return false;
    }

    /** Whether the pair is new. */
    boolean add(int a, int b) {
        long key = key(a, b);
        int mask = table.length - 1;
        int i = slot(key, mask);
        for (; table[i] != 0; i = (i + 1) & mask) {
            if (table[i] == key) {
                return false;
            }
        }
        table[i] = key;
        if (++size * 2 > table.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] old = table;
        table = new long[old.length * 2];
        int mask = table.length - 1;
        for (long key : old) {
            if (key != 0) {
                int i = slot(key, mask);
                while (table[i] != 0) {
                    i = (i + 1) & mask;
                }
                table[i] = key;
            }
        }
    }
}
