package dev.turnout.runtime.map;

import dev.turnout.runtime.memory.Memory;

/** The hash of bytes in memory: multiplicative, eight bytes at a time; murmur's finish mixes the upper bits down. */
final class Hashing {
    private Hashing() {}

    static long of(long bytes, int size) {
        long hash = 0x9e37_79b9_7f4a_7c15L ^ size;
        int at = 0;
        for (; at + 8 <= size; at += 8) {
            hash = mix(hash ^ Memory.loadLong(bytes + at));
        }
        long rest = 0;
        for (int shift = 0; at < size; at++, shift += 8) {
            rest |= (Memory.loadByte(bytes + at) & 0xffL) << shift;
        }
        return mix(hash ^ rest);
    }

    private static long mix(long hash) {
        long x = hash * 0xff51_afd7_ed55_8ccdL;
        x ^= x >>> 32;
        x *= 0xc4ce_b9fe_1a85_ec53L;
        return x ^ (x >>> 29);
    }
}
