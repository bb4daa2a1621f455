package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.ERANGE;

import dev.turnout.runtime.memory.Memory;

/**
 * Reads at addresses that nothing is known of. What the machine owns is read; at all other addresses it is as if there were no memory.
 * There is one memory: what reads a user's and what reads a kernel's find the same, and differ in the error alone.
 */
final class ProbeCalls {
    /** A kernel's addresses begin here, for one that translates addresses in four levels. */
    private static final long KERNEL = 0xffff_8000_0000_0000L;

    private ProbeCalls() {}

    /** Whose memory a helper is for. */
    enum Space {
        USER,
        KERNEL;

        /** What Linux says of an address where nothing can be read. */
        int error(long address) {
            return this == KERNEL && Long.compareUnsigned(address, ProbeCalls.KERNEL) < 0 ? -ERANGE : -EFAULT;
        }

        /** The space of an address, for helpers that leave it open. */
        static Space of(long address) {
            return address < 0 ? KERNEL : USER;
        }
    }

    /** Copies, or leaves zeros. */
    static long read(CallSite site, Space space, long to, long size, long from) {
        long bytes = size & 0xffff_ffffL;
        site.writes(to, bytes);
        if (site.owns(from, bytes)) {
            Memory.copy(from, to, bytes);
            return 0;
        }
        Memory.zero(to, bytes);
        int error = space.error(from);
        return bytes == 0 && error == -EFAULT ? 0 : error;
    }

    /**
     * Copies up to and with a zero byte. A text that is too long is cut and ends with a zero byte all the same.
     *
     * @return bytes that were written, the zero byte among them; or an error, and then the whole buffer is zero
     */
    static long readString(CallSite site, Space space, long to, long size, long from) {
        long bytes = size & 0xffff_ffffL;
        site.writes(to, bytes);
        if (bytes == 0) {
            return 0;
        }
        boolean whole = site.owns(from, bytes);
        for (long at = 0; at < bytes; at++) {
            if (!whole && !site.owns(from + at, 1)) {
                Memory.zero(to, bytes);
                return space.error(from);
            }
            byte one = Memory.loadByte(from + at);
            if (at == bytes - 1) {
                one = 0;
            }
            Memory.storeByte(to + at, one);
            if (one == 0) {
                return at + 1;
            }
        }
        throw new IllegalStateException("the last byte ends the text");
    }
}
