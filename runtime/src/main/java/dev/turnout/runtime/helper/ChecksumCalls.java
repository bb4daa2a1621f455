package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.memory.Memory;

/** Helpers on Internet checksums (RFC 1071, RFC 1624): sums of 16-bit words with the carry added at the lower end. */
final class ChecksumCalls {
    private static final long SIZE_MASK = 0xf;
    private static final long PSEUDO_HEADER = 0x10;
    private static final long MANGLED_ZERO = 0x20;
    private static final long ENFORCE = 0x40;
    private static final long IPV6 = 0x80;

    private ChecksumCalls() {}

    /**
     * {@code csum_diff}: what a checksum changes by when {@code from} becomes {@code to}, added to a seed; folded to 16 bits, and of any
     * number of bytes, as from Linux 6.13 on.
     */
    static long difference(CallSite site, long from, long fromSize, long to, long toSize, long seed) {
        int fromBytes = (int) fromSize;
        int toBytes = (int) toSize;
        if (fromBytes != 0) {
            site.reads(from, fromBytes);
        }
        if (toBytes != 0) {
            site.reads(to, toBytes);
        }
        int sum = (int) seed;
        if (fromBytes != 0 && toBytes != 0) {
            sum = add(sum(to, toBytes, sum), ~sum(from, fromBytes, 0));
        } else if (toBytes != 0) {
            sum = sum(to, toBytes, sum);
        } else if (fromBytes != 0) {
            sum = ~sum(from, fromBytes, ~sum);
        }
        return toSixteen(sum);
    }

    static long replaceNetwork(CallSite site, long offset, long from, long to, long flags) {
        return (flags & ~SIZE_MASK) != 0
                ? -EINVAL
                : replace(site, offset, from, to, (int) (flags & SIZE_MASK), false, true);
    }

    static long replaceTransport(CallSite site, long offset, long from, long to, long flags) {
        if ((flags & ~(MANGLED_ZERO | ENFORCE | PSEUDO_HEADER | IPV6 | SIZE_MASK)) != 0) {
            return -EINVAL;
        }
        boolean mangledZero = (flags & MANGLED_ZERO) != 0;
        return replace(site, offset, from, to, (int) (flags & SIZE_MASK), mangledZero, (flags & ENFORCE) != 0);
    }

    /**
     * Replaces the checksum at {@code offset}.
     *
     * @param size of the word that changed; 0: {@code to} is a difference
     * @param mangledZero whether 0 means "no checksum", so that a computed 0 is written as ones
     * @param enforce whether a checksum of 0 is replaced even so
     */
    private static long replace(
            CallSite site, long offset, long from, long to, int size, boolean mangledZero, boolean enforce) {
        long at = offset & 0xffff_ffffL;
        Workspace workspace = site.workspace();
        if (at > 0xffff || (at & 1) != 0 || at + 2 > workspace.dataEnd() - workspace.data()) {
            return -EFAULT;
        }
        long place = workspace.data() + at;
        int old = Memory.loadShort(place) & 0xffff;
        if (mangledZero && !enforce && old == 0) {
            return 0;
        }
        int complement = ~old & 0xffff;
        int sum;
        switch (size) {
            case 0 -> {
                if (from != 0) {
                    return -EINVAL;
                }
                sum = fold(add((int) to, ~old));
            }
            case 2 -> sum = fold(add(add(complement, ~(int) from & 0xffff), (int) to & 0xffff));
            case 4 -> sum = fold(add(add(~old, ~(int) from), (int) to));
            default -> {
                return -EINVAL;
            }
        }
        Memory.storeShort(place, (short) (mangledZero && sum == 0 ? 0xffff : sum));
        return 0;
    }

    /** The sum of 32-bit words, the last filled up with zeros. */
    private static int sum(long address, int bytes, int seed) {
        int sum = seed;
        int at = 0;
        for (; at + 4 <= bytes; at += 4) {
            sum = add(sum, Memory.loadInt(address + at));
        }
        for (; at < bytes; at++) {
            sum = add(sum, (Memory.loadByte(address + at) & 0xff) << (8 * (at & 3)));
        }
        return sum;
    }

    private static int add(int a, int b) {
        int sum = a + b;
        return Integer.compareUnsigned(sum, b) < 0 ? sum + 1 : sum;
    }

    /** To 16 bits, without the complement. */
    private static int toSixteen(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return ((once & 0xffff) + (once >>> 16)) & 0xffff;
    }

    private static int fold(int sum) {
        return ~toSixteen(sum) & 0xffff;
    }
}
