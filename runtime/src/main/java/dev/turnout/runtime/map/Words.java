package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.function.BiConsumer;

/**
 * Words of 64 bits by key: what maps are made of whose values only hosts write, and which programs see through a helper. A word is
 * replaced by one store, so a program that reads one sees the old or the new one; 0 stands for nothing. Programs read without a
 * lock; whoever writes holds the map's.
 */
sealed interface Words {
    /** Bytes of a word. */
    int SIZE = 8;

    /** Address of the word of the key at {@code key}; 0 if there is no such key or index. */
    long find(long key);

    /** The word of the key at {@code key}, or 0. */
    default long get(long key) {
        long at = find(key);
        return at == 0 ? 0 : Memory.loadLongVolatile(at);
    }

    /**
     * Sets a word that is not 0.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#E2BIG} past the last index, or if there is no room for another key
     */
    int set(long key, long word);

    /**
     * Takes a word away.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#ENOENT} if there is none, {@link Errno#E2BIG} past the last index
     */
    int clear(long key);

    /** As {@link BpfMap#nextKey(long, long)}. */
    int nextKey(long key, long next);

    /** Whether all of these bytes lie in the first {@code size} bytes of one word. */
    boolean inWord(long address, long bytes, int size);

    /** Shows every key that has a word, with the word. */
    void each(BiConsumer<ByteString, Long> use);

    /** By index, one behind the other. */
    record Indexed(long first, long count) implements Words {
        /** Behind the header at an address, to which they are written. */
        static Indexed behind(long header, MapDefinition definition) {
            Indexed words = new Indexed(header + MapHeader.SIZE, definition.maxEntries());
            Memory.storeLong(header + MapHeader.VALUES, words.first);
            Memory.storeInt(header + MapHeader.STRIDE, SIZE);
            return words;
        }

        static long bytes(MapDefinition definition) {
            return MapHeader.SIZE + SIZE * definition.maxEntries();
        }

        @Override
        public long find(long key) {
            return at(Memory.loadInt(key));
        }

        /** Address of the word at an unsigned index, or 0. */
        long at(int index) {
            long i = index & 0xffff_ffffL;
            return i < count ? first + SIZE * i : 0;
        }

        @Override
        public int set(long key, long word) {
            long at = find(key);
            if (at == 0) {
                return -Errno.E2BIG;
            }
            Memory.storeLongVolatile(at, word);
            return 0;
        }

        @Override
        public int clear(long key) {
            long at = find(key);
            if (at == 0) {
                return -Errno.E2BIG;
            }
            boolean held = Memory.loadLong(at) != 0;
            Memory.storeLongVolatile(at, 0);
            return held ? 0 : -Errno.ENOENT;
        }

        @Override
        public int nextKey(long key, long next) {
            long index = key == 0 ? count : Memory.loadInt(key) & 0xffff_ffffL;
            if (index == count - 1) {
                return -Errno.ENOENT;
            }
            Memory.storeInt(next, index >= count ? 0 : (int) index + 1);
            return 0;
        }

        @Override
        public boolean inWord(long address, long bytes, int size) {
            long at = address - first;
            return at >= 0 && at < SIZE * count && at % SIZE + bytes <= size;
        }

        @Override
        public void each(BiConsumer<ByteString, Long> use) {
            for (long i = 0; i < count; i++) {
                long word = Memory.loadLongVolatile(first + SIZE * i);
                if (word != 0) {
                    byte[] key = {(byte) i, (byte) (i >> 8), (byte) (i >> 16), (byte) (i >> 24)};
                    use.accept(ByteString.copyOf(key), word);
                }
            }
        }
    }

    /** By key, in a hash table whose values they are. */
    record Hashed(HashTableMap table) implements Words {
        /** A table of words with the keys of another map, in that map's memory; whoever takes it writes the header anew. */
        static MapFactory.Plan plan(MapDefinition definition, int cpuSlots) {
            return HashTableMap.plan(table(definition), cpuSlots);
        }

        private static MapDefinition table(MapDefinition definition) {
            int kept = definition.flags() & (MapFlag.NO_PREALLOC.bit() | MapFlag.ZERO_SEED.bit());
            return new MapDefinition(
                    definition.name(),
                    MapKind.HASH,
                    definition.keySize(),
                    SIZE,
                    definition.maxEntries(),
                    kept,
                    new DebugType.Void(),
                    new DebugType.Void(),
                    new MapDefinition.Content.Empty());
        }

        @Override
        public long find(long key) {
            return table.lookup(key, 0);
        }

        @Override
        public int set(long key, long word) {
            long at = find(key);
            if (at == 0) {
                try (Arena arena = Arena.ofConfined()) {
                    long value = arena.allocate(SIZE, SIZE).address();
                    Memory.storeLong(value, word);
                    return table.update(key, value, BpfMap.ANY, 0);
                }
            }
            Memory.storeLongVolatile(at, word);
            return 0;
        }

        @Override
        public int clear(long key) {
            return table.delete(key);
        }

        @Override
        public int nextKey(long key, long next) {
            return table.nextKey(key, next);
        }

        @Override
        public boolean inWord(long address, long bytes, int size) {
            return size == SIZE
                    ? table.inValue(address, bytes)
                    : table.inValue(address, bytes) && table.inValue(address, bytes + SIZE - size);
        }

        @Override
        public void each(BiConsumer<ByteString, Long> use) {
            table.each(entry -> use.accept(entry.key(), number(entry.values().getFirst())));
        }

        private static long number(ByteString bytes) {
            long word = 0;
            for (int i = SIZE - 1; i >= 0; i--) {
                word = (word << 8) | (bytes.at(i) & 0xff);
            }
            return word;
        }
    }
}
