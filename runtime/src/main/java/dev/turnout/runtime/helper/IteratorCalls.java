package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.E2BIG;
import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOMEM;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.NativeCall;
import java.lang.foreign.MemorySegment;

/** Iterators over numbers and over the bits of memory: objects on the program's stack, and what an iterator gives lies in itself. */
final class IteratorCalls {
    /** Of a number iterator: the last number that it gave, and the first that it does not. */
    private static final int CURRENT = 0;

    private static final int END = 4;
    private static final int NUMBERS_BYTES = 8;
    private static final long MOST_NUMBERS = 8L << 20;

    /** Of a bit iterator: up to 64 bits themselves, or the address of a copy of more; how many; and the last one that it gave. */
    private static final int BITS = 0;

    private static final int COUNT = 8;
    private static final int BIT = 12;
    private static final int BITS_BYTES = 16;
    private static final int MOST_WORDS = 511;

    private IteratorCalls() {}

    static long newNumbers(CallSite site, long iterator, int start, int end) {
        site.writes(iterator, NUMBERS_BYTES);
        endNumbers(site, iterator);
        if (start > end) {
            return -EINVAL;
        }
        if ((long) end - start > MOST_NUMBERS) {
            return -E2BIG;
        }
        Memory.storeInt(iterator + CURRENT, start - 1);
        Memory.storeInt(iterator + END, end);
        return 0;
    }

    static long nextNumber(CallSite site, long iterator) {
        site.writes(iterator, NUMBERS_BYTES);
        int next = Memory.loadInt(iterator + CURRENT) + 1;
        if (next >= Memory.loadInt(iterator + END)) {
            return endNumbers(site, iterator);
        }
        Memory.storeInt(iterator + CURRENT, next);
        return iterator + CURRENT;
    }

    static long endNumbers(CallSite site, long iterator) {
        site.writes(iterator, NUMBERS_BYTES);
        Memory.storeLong(iterator, 0);
        return 0;
    }

    static long newBits(CallSite site, long iterator, long from, int words) {
        site.writes(iterator, BITS_BYTES);
        Memory.storeLong(iterator + BITS, 0);
        Memory.storeInt(iterator + COUNT, 0);
        Memory.storeInt(iterator + BIT, -1);
        if (from == 0 || words == 0) {
            return -EINVAL;
        }
        if (words < 0 || words > MOST_WORDS) {
            return -E2BIG;
        }
        long bytes = 8L * words;
        if (!site.owns(from, bytes)) {
            return -EFAULT;
        }
        long to = iterator + BITS;
        if (words > 1) {
            to = NativeCall.call(Heap.ALLOCATE, bytes, 0, 0, 0, 0, 0);
            if (to == 0) {
                return -ENOMEM;
            }
            Memory.storeLong(iterator + BITS, to);
        }
        Memory.copy(from, to, bytes);
        Memory.storeInt(iterator + COUNT, (int) bytes * 8);
        return 0;
    }

    static long nextBit(CallSite site, long iterator) {
        site.writes(iterator, BITS_BYTES);
        int count = Memory.loadInt(iterator + COUNT);
        long bits = count == 64 ? iterator + BITS : Memory.loadLong(iterator + BITS);
        int bit = Math.min(Memory.loadInt(iterator + BIT), count - 1) + 1;
        while (bit < count) {
            long rest = Memory.loadLong(bits + (bit >>> 6) * 8L) >>> (bit & 63);
            if (rest != 0) {
                Memory.storeInt(iterator + BIT, bit + Long.numberOfTrailingZeros(rest));
                return iterator + BIT;
            }
            bit = (bit | 63) + 1;
        }
        Memory.storeInt(iterator + BIT, count);
        return 0;
    }

    static long endBits(CallSite site, long iterator) {
        site.writes(iterator, BITS_BYTES);
        if (Memory.loadInt(iterator + COUNT) > 64) {
            NativeCall.call(Heap.FREE, Memory.loadLong(iterator + BITS), 0, 0, 0, 0, 0);
        }
        Memory.storeInt(iterator + COUNT, 0);
        return 0;
    }

    /** Where copies of bits live: between a program's making of an iterator and its end, which the verifier demands. */
    private static final class Heap {
        static final MemorySegment ALLOCATE = NativeCall.library("malloc");
        static final MemorySegment FREE = NativeCall.library("free");
    }
}
