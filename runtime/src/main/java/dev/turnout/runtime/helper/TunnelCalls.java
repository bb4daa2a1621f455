package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOENT;
import static dev.turnout.runtime.map.Errno.ENOMEM;

import dev.turnout.runtime.memory.Memory;
import java.util.Set;

/**
 * Helpers on tunnels. No packet here came through any; into which one a packet is to go is checked as Linux checks it, and then forgotten:
 * there is no device that would ask.
 */
final class TunnelCalls {
    private static final long IPV6 = 1;
    private static final long FLAGS = 0x1f;
    /** Bytes of {@code struct bpf_tunnel_key}. */
    private static final int KEY = 44;

    private static final int EXTENSION = 22;
    private static final int LABEL = 24;
    /** What older headers say that a key has. */
    private static final Set<Long> OLDER = Set.of(8L, 22L, 24L, 28L);

    private static final int MOST_OPTIONS = 255;

    private TunnelCalls() {}

    static long setKey(CallSite site, long from, long sizeArgument, long flags) {
        long size = sizeArgument & 0xffff_ffffL;
        site.reads(from, size);
        if ((flags & ~FLAGS) != 0 || (size != KEY && !OLDER.contains(size))) {
            return -EINVAL;
        }
        int extension = size >= EXTENSION + 2 ? Memory.loadShort(from + EXTENSION) : 0;
        int label = size >= LABEL + 4 ? Memory.loadInt(from + LABEL) : 0;
        if (((flags & IPV6) == 0 && label != 0) || extension != 0) {
            return -EINVAL;
        }
        SocketBuffer.of(site).intoTunnel();
        return 0;
    }

    /** Only of a packet that goes into a tunnel. */
    static long setOptions(CallSite site, long from, long sizeArgument) {
        long size = sizeArgument & 0xffff_ffffL;
        site.reads(from, size);
        if (!SocketBuffer.of(site).goesIntoTunnel() || (size & 3) != 0) {
            return -EINVAL;
        }
        return size > MOST_OPTIONS ? -ENOMEM : 0;
    }

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
