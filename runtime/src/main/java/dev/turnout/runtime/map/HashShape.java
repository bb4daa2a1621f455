package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Memory;

/**
 * Where the parts of a hash table stand: the header, the buckets, the words of the spare elements, the elements, and, if values are per
 * CPU, the values of slot 0, of slot 1 and so on.
 *
 * @param slots values of a key
 * @param keySize bytes
 * @param valueSize bytes of a value, which start at a multiple of 8
 * @param apart whether values are per CPU
 * @param buckets a power of two
 * @param capacity elements that keys may take
 * @param spares elements besides, one for each CPU that may replace a value
 */
record HashShape(int slots, int keySize, int valueSize, boolean apart, int buckets, int capacity, int spares) {
    // Of an element.
    static final int NEXT = 0;
    static final int HASH = 4;
    static final int STATE = 8;
    static final int FREE_LINK = 12;
    static final int KEY = 16;

    // Of a bucket.
    static final int BUCKET_BYTES = 8;
    static final int BUCKET_LOCK = 4;

    /** Distance of two spare words: each is written by one CPU. */
    static final int SPARE_BYTES = 64;

    private static final int MOST_BUCKETS = 1 << 30;

    /**
     * The shape of a map's table.
     *
     * @param valueSize bytes of what the table holds for a key
     * @param replaces whether a new value comes in an element of its own, so that readers see the old one or the new
     */
    static HashShape of(MapDefinition definition, int valueSize, int cpuSlots, boolean replaces) {
        boolean perCpu = definition.kind().perCpu();
        long doubled = Math.max(1, 2 * definition.maxEntries() - 1);
        return new HashShape(
                perCpu ? cpuSlots : 1,
                definition.keySize(),
                valueSize,
                perCpu,
                (int) Math.min(MOST_BUCKETS, Long.highestOneBit(doubled)),
                (int) Math.min(Integer.MAX_VALUE - cpuSlots, definition.maxEntries()),
                replaces ? cpuSlots : 0);
    }

    int elements() {
        return capacity + spares;
    }

    /** Where the value stands in an element that has one. */
    int valueInElement() {
        return KEY + (int) MapFactory.padded(keySize);
    }

    long elementStride() {
        return valueInElement() + (apart ? 0 : MapFactory.padded(valueSize));
    }

    /** From one element's value to the next one's. */
    long stride() {
        return apart ? MapFactory.padded(valueSize) : elementStride();
    }

    long slotStride() {
        return apart ? line(elements() * stride()) : 0;
    }

    long bucketsAt() {
        return MapHeader.SIZE;
    }

    long sparesAt() {
        return line(bucketsAt() + (long) buckets * BUCKET_BYTES);
    }

    long elementsAt() {
        return sparesAt() + (long) spares * SPARE_BYTES;
    }

    long valuesAt() {
        return apart ? line(elementsAt() + elements() * elementStride()) : elementsAt() + valueInElement();
    }

    long bytes() {
        return apart ? valuesAt() + slots * slotStride() : elementsAt() + elements() * elementStride();
    }

    private static long line(long bytes) {
        return (bytes + 63) & -64;
    }

    /** Writes what compiled code must know into the header, and which element is spare for whom. */
    void write(long header) {
        Memory.storeLong(header + MapHeader.VALUES, header + valuesAt());
        Memory.storeInt(header + MapHeader.STRIDE, (int) stride());
        Memory.storeInt(header + MapHeader.SLOTS, slots);
        Memory.storeLong(header + MapHeader.SLOT_STRIDE, slotStride());
        Memory.storeLong(header + MapHeader.BUCKETS, header + bucketsAt());
        Memory.storeInt(header + MapHeader.BUCKET_MASK, buckets - 1);
        Memory.storeInt(header + MapHeader.ELEMENT_STRIDE, (int) elementStride());
        Memory.storeLong(header + MapHeader.ELEMENTS, header + elementsAt());
        Memory.storeInt(header + MapHeader.ELEMENT_VALUE, apart ? 0 : valueInElement());
        Memory.storeLong(header + MapHeader.SPARES, header + sparesAt());
        Memory.storeInt(header + MapHeader.CAPACITY, capacity);
        for (int slot = 0; slot < spares; slot++) {
            Memory.storeInt(header + sparesAt() + (long) slot * SPARE_BYTES, capacity + slot + 1);
        }
    }

    /** Whether bytes lie in one value, of any element on any slot. */
    boolean inValue(long header, long address, long bytes) {
        long at = address - header - valuesAt();
        if (at < 0 || bytes < 0 || bytes > valueSize || at >= (apart ? slots * slotStride() : elements() * stride())) {
            return false;
        }
        long inSlot = apart ? at % slotStride() : at;
        return inSlot < elements() * stride() && inSlot % stride() + bytes <= valueSize;
    }

    boolean inKey(long header, long address, long bytes) {
        long at = address - header - elementsAt();
        if (at < 0 || bytes < 0 || bytes > keySize || at >= elements() * elementStride()) {
            return false;
        }
        long inElement = at % elementStride() - KEY;
        return inElement >= 0 && inElement + bytes <= keySize;
    }
}
