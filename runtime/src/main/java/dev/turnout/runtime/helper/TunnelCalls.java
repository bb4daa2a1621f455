package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOENT;

import dev.turnout.runtime.memory.Memory;

/** Helpers that ask through which tunnel a packet came: none here came through any. */
final class TunnelCalls {
    private TunnelCalls() {}

    static long key(CallSite site, long to, long size) {
        return none(site, to, size, EINVAL);
    }

    static long options(CallSite site, long to, long size) {
        return none(site, to, size, ENOENT);
    }

    private static long none(CallSite site, long to, long size, int error) {
        long bytes = size & 0xffff_ffffL;
        site.writes(to, bytes);
        Memory.zero(to, bytes);
        return -error;
    }
}
