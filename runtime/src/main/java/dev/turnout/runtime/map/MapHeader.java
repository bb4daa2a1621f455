package dev.turnout.runtime.map;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;

/** The header of a map in native memory: what a program's map pointer points to. Offsets in bytes. */
public final class MapHeader {
    /** 32 bits: the kernel's number of the kind. */
    public static final int KIND = 0;
    /** 32 bits. */
    public static final int KEY_SIZE = 4;
    /** 32 bits. */
    public static final int VALUE_SIZE = 8;
    /** 32 bits. */
    public static final int MAX_ENTRIES = 12;
    /** 64 bits: address of value 0 (arrays, per-CPU tables), of entry 0 (jump tables, program arrays). */
    public static final int VALUES = 16;
    /** 32 bits: distance of two values. */
    public static final int STRIDE = 24;
    /** 32 bits: CPU slots; 1 if the map is not per CPU. */
    public static final int SLOTS = 28;
    /** 64 bits: distance of the values of two CPU slots. */
    public static final int SLOT_STRIDE = 32;
    /** 64 bits: address of bucket 0 (tables). */
    public static final int BUCKETS = 40;
    /** 32 bits: number of buckets minus 1. */
    public static final int BUCKET_MASK = 48;
    /** 32 bits: distance of two elements. */
    public static final int ELEMENT_STRIDE = 52;
    /** 64 bits: address of element 0. */
    public static final int ELEMENTS = 56;
    /** 32 bits: where the value stands in an element; 0 if values stand apart. */
    public static final int ELEMENT_VALUE = 64;
    /** 32 bits, changing: keys present. */
    public static final int COUNT = 68;
    /** 64 bits, changing: number of the first free element plus 1, and in the upper half a count of changes. */
    public static final int FREE = 72;
    /** 32 bits, changing: elements that were ever used. */
    public static final int USED = 80;
    /** 32 bits, changing: where the search for an element to evict goes on. */
    public static final int HAND = 84;
    /** 32 bits: number of the map in its machine. */
    public static final int NUMBER = 88;
    /** Bytes of a header. */
    public static final int SIZE = 128;

    private MapHeader() {}

    static void write(long header, MapKind kind, int keySize, int valueSize, int maxEntries) {
        Memory.storeInt(header + KIND, kind.kernelId());
        Memory.storeInt(header + KEY_SIZE, keySize);
        Memory.storeInt(header + VALUE_SIZE, valueSize);
        Memory.storeInt(header + MAX_ENTRIES, maxEntries);
        Memory.storeInt(header + SLOTS, 1);
    }
}
