package dev.turnout.runtime.map;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;

/**
 * The header of a map in native memory: what a program's map pointer points to. Offsets in bytes. What never changes stands in the first
 * two cache lines; what operations change stands in the third, so that threads which only look up do not wait for those that write.
 */
public final class MapHeader {
    /** 32 bits: the kernel's number of the kind. */
    public static final int KIND = 0;
    /** 32 bits. */
    public static final int KEY_SIZE = 4;
    /** 32 bits. */
    public static final int VALUE_SIZE = 8;
    /** 32 bits. */
    public static final int MAX_ENTRIES = 12;
    /** 64 bits: address of value 0 (arrays, queues, per-CPU tables), of entry 0 (jump tables, program arrays), of the first bits (Bloom filters). */
    public static final int VALUES = 16;
    /** 32 bits: distance of two values. */
    public static final int STRIDE = 24;
    /** 32 bits: CPU slots; 1 if the map is not per CPU. */
    public static final int SLOTS = 28;
    /** 64 bits: distance of the values of two CPU slots. */
    public static final int SLOT_STRIDE = 32;
    /** 64 bits: address of bucket 0 (tables). */
    public static final int BUCKETS = 40;
    /** 32 bits: number of buckets minus 1 (tables), of bits minus 1 (Bloom filters). */
    public static final int BUCKET_MASK = 48;
    /** 32 bits: distance of two elements (tables, tries). */
    public static final int ELEMENT_STRIDE = 52;
    /** 64 bits: address of element 0 (tables, tries). */
    public static final int ELEMENTS = 56;
    /** 32 bits: where the value stands in an element; 0 if values stand apart. */
    public static final int ELEMENT_VALUE = 64;
    /** 32 bits: number of the map in its machine. */
    public static final int NUMBER = 68;
    /** 64 bits: address of the word that names the spare element of CPU slot 0 (tables). */
    public static final int SPARES = 72;
    /** 32 bits: elements that are not spare (tables), all elements (tries). */
    public static final int CAPACITY = 80;
    /** 32 bits: hash functions (Bloom filters). */
    public static final int HASHES = 84;

    /** 64 bits, changing: number of the first free element plus 1, and in the upper half a count of changes. */
    public static final int FREE = 128;
    /** 32 bits, changing: elements that were ever used. */
    public static final int USED = 136;
    /** 32 bits, changing: where the search for an element to evict goes on. */
    public static final int HAND = 140;
    /** 32 bits, changing: the lock of the whole map; in tries it counts, and is odd while it is held. */
    public static final int LOCK = 144;
    /** 32 bits, changing: entries now (queues, stacks, tries). */
    public static final int COUNT = 148;
    /** 32 bits, changing: index of the oldest entry (queues, stacks). */
    public static final int OLDEST = 152;
    /** 32 bits, changing: number of the root plus 1 (tries). */
    public static final int ROOT = 156;
    /** 32 bits, changing: number of the element that was freed last plus 1 (tries). */
    public static final int LAST_FREE = 160;
    /** Bytes of a header. */
    public static final int SIZE = 192;

    private MapHeader() {}

    static void write(long header, MapKind kind, int keySize, int valueSize, int maxEntries) {
        Memory.storeInt(header + KIND, kind.kernelId());
        Memory.storeInt(header + KEY_SIZE, keySize);
        Memory.storeInt(header + VALUE_SIZE, valueSize);
        Memory.storeInt(header + MAX_ENTRIES, maxEntries);
        Memory.storeInt(header + SLOTS, 1);
    }
}
