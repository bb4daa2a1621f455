package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EACCES;
import static dev.turnout.runtime.map.Errno.EALREADY;
import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOMEM;
import static dev.turnout.runtime.map.Errno.ENOTSUPP;
import static dev.turnout.runtime.map.Errno.EOPNOTSUPP;

import dev.turnout.runtime.memory.Memory;

/** Helpers that change the shape of a socket buffer, and what is said of it. Orders of checks and errors are Linux's. */
final class BufferCalls {
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int ETHERNET_HEADER = 14;

    private static final int MOST_ROOM = 0xfff;
    private static final int ROOM_AT_NETWORK = 0;
    private static final int ROOM_AT_MAC = 1;

    private static final long FIXED_SEGMENTS = 1;
    private static final long WRAP_IPV4 = 1 << 1;
    private static final long WRAP_IPV6 = 1 << 2;
    private static final long WRAP_GRE = 1 << 3;
    private static final long WRAP_UDP = 1 << 4;
    private static final long KEEP_CHECKSUMS = 1 << 5;
    private static final long WRAP_ETHERNET = 1 << 6;
    private static final long UNWRAP_IPV4 = 1 << 7;
    private static final long UNWRAP_IPV6 = 1 << 8;
    private static final int INNER_MAC_SHIFT = 56;
    private static final long INNER_MAC = 0xffL << INNER_MAC_SHIFT;
    private static final long UNWRAP = UNWRAP_IPV4 | UNWRAP_IPV6;
    private static final long ROOM_FLAGS = FIXED_SEGMENTS
            | WRAP_IPV4
            | WRAP_IPV6
            | WRAP_GRE
            | WRAP_UDP
            | KEEP_CHECKSUMS
            | WRAP_ETHERNET
            | UNWRAP
            | INNER_MAC;

    private static final int OTHER_HOST = 3;
    private static final int CLOCK_REAL = 0;
    private static final int CLOCK_ATOMIC = 2;

    private BufferCalls() {}

    static long changeHead(CallSite site, long roomArgument, long flags) {
        SocketBuffer buffer = SocketBuffer.of(site);
        int room = (int) roomArgument;
        long length = buffer.length() + (long) room;
        if (flags != 0 || room < 0 || (!buffer.isSegmented() && length > SocketBuffer.LONGEST)) {
            return -EINVAL;
        }
        long network = buffer.networkOffset();
        if (!buffer.push(0, room)) {
            return -ENOMEM;
        }
        long data = buffer.input().data();
        buffer.input().headers(data, data + room + network);
        buffer.measure();
        return 0;
    }

    static long changeTail(CallSite site, long lengthArgument, long flags) {
        SocketBuffer buffer = SocketBuffer.of(site);
        long length = lengthArgument & 0xffff_ffffL;
        int least = Math.max(0, buffer.networkOffset());
        if (buffer.transportOffset() > 0) {
            least = buffer.transportOffset();
        }
        if (flags != 0 || length > SocketBuffer.LONGEST || length < least) {
            return -EINVAL;
        }
        if (buffer.isEncapsulated()) {
            return -ENOTSUPP;
        }
        return buffer.resize((int) length) ? 0 : -ENOMEM;
    }

    static long changeProtocol(CallSite site, long to, long flags) {
        if (flags != 0) {
            return -EINVAL;
        }
        SocketBuffer buffer = SocketBuffer.of(site);
        int more = IPV6_HEADER - IPV4_HEADER;
        int at = buffer.macLength();
        int next = Short.reverseBytes((short) to) & 0xffff;
        if (buffer.protocol() == IPV4 && next == IPV6) {
            if (!buffer.push(at, more)) {
                return -ENOMEM;
            }
            buffer.moveHeaders(-more);
        } else if (buffer.protocol() == IPV6 && next == IPV4) {
            if (at + more > buffer.length()) {
                return -ENOMEM;
            }
            buffer.pop(at, more);
            buffer.moveHeaders(more);
        } else {
            return -ENOTSUPP;
        }
        buffer.protocol(next);
        buffer.clearHash();
        return 0;
    }

    static long changeType(CallSite site, long typeArgument) {
        SocketBuffer buffer = SocketBuffer.of(site);
        long type = typeArgument & 0xffff_ffffL;
        if (buffer.get(SocketBuffer.PACKET_TYPE) > OTHER_HOST || type > OTHER_HOST) {
            return -EINVAL;
        }
        buffer.set(SocketBuffer.PACKET_TYPE, type);
        return 0;
    }

    static long adjustRoom(CallSite site, long byArgument, long modeArgument, long flags) {
        SocketBuffer buffer = SocketBuffer.of(site);
        int by = (int) byArgument;
        int mode = (int) modeArgument;
        if ((flags & ~ROOM_FLAGS) != 0) {
            return -EINVAL;
        }
        // Of the smallest number there is no absolute value; its bits are those of one that is too large.
        int bytes = Math.abs(by);
        if (Integer.compareUnsigned(bytes, MOST_ROOM) > 0) {
            return -EFAULT;
        }
        int protocol = buffer.protocol();
        if (protocol != IPV4 && protocol != IPV6) {
            return -ENOTSUPP;
        }
        int header = protocol == IPV4 ? IPV4_HEADER : IPV6_HEADER;
        if (mode != ROOM_AT_NETWORK && mode != ROOM_AT_MAC) {
            return -ENOTSUPP;
        }
        int at = buffer.macLength() + (mode == ROOM_AT_NETWORK ? header : 0);
        boolean shrinks = by < 0;
        int least = header;
        if ((flags & UNWRAP) != 0) {
            if (!shrinks || (flags & UNWRAP) == UNWRAP) {
                return -EINVAL;
            }
            least = (flags & UNWRAP_IPV4) != 0 ? IPV4_HEADER : IPV6_HEADER;
        }
        int present = buffer.length() - buffer.networkOffset();
        if (shrinks
                ? bytes >= present || present - bytes < least
                : buffer.length() + bytes > SocketBuffer.LONGEST && !buffer.isSegmented()) {
            return -ENOTSUPP;
        }
        int result = shrinks ? shrink(buffer, at, bytes, flags) : grow(buffer, at, bytes, flags);
        if (result == 0 && (flags & KEEP_CHECKSUMS) == 0) {
            buffer.checksums(0);
        }
        return result;
    }

    private static int shrink(SocketBuffer buffer, int at, int bytes, long flags) {
        if ((flags & ~(FIXED_SEGMENTS | UNWRAP | KEEP_CHECKSUMS)) != 0) {
            return -EINVAL;
        }
        // Segments of a kind that nobody named.
        if (buffer.isSegmented()) {
            return -ENOTSUPP;
        }
        if (at + bytes > buffer.length()) {
            return -ENOMEM;
        }
        buffer.pop(at, bytes);
        buffer.moveHeaders(bytes);
        if ((flags & UNWRAP) != 0) {
            buffer.protocol((flags & UNWRAP_IPV6) != 0 ? IPV6 : IPV4);
        }
        return 0;
    }

    private static int grow(SocketBuffer buffer, int at, int bytes, long flags) {
        if (buffer.isSegmented()) {
            return -ENOTSUPP;
        }
        boolean wraps = (flags & (WRAP_IPV4 | WRAP_IPV6)) != 0;
        int macLength = buffer.macLength();
        if (wraps) {
            int innerMac = (int) (flags >>> INNER_MAC_SHIFT);
            if (has(flags, WRAP_IPV4 | WRAP_IPV6)
                    || has(flags, WRAP_GRE | WRAP_UDP)
                    || (has(flags, WRAP_ETHERNET) && innerMac < ETHERNET_HEADER)) {
                return -EINVAL;
            }
            if (buffer.isEncapsulated()) {
                return -EALREADY;
            }
            if (innerMac > bytes) {
                return -EINVAL;
            }
        }
        if (!buffer.push(at, bytes)) {
            return -ENOMEM;
        }
        buffer.moveHeaders(-bytes);
        if (wraps) {
            buffer.encapsulate(macLength);
            if ((flags & (WRAP_GRE | WRAP_UDP)) != 0) {
                buffer.transportAt(macLength + (has(flags, WRAP_IPV6) ? IPV6_HEADER : IPV4_HEADER));
            }
            buffer.protocol(has(flags, WRAP_IPV6) ? IPV6 : IPV4);
        }
        return 0;
    }

    private static boolean has(long flags, long all) {
        return (flags & all) == all;
    }

    static long setTime(CallSite site, long time, long typeArgument) {
        SocketBuffer buffer = SocketBuffer.of(site);
        if (buffer.protocol() != IPV4 && buffer.protocol() != IPV6) {
            return -EOPNOTSUPP;
        }
        int type = (int) typeArgument;
        if (type < CLOCK_REAL || type > CLOCK_ATOMIC || (type != CLOCK_REAL && time == 0)) {
            return -EINVAL;
        }
        buffer.set(SocketBuffer.TIME, time);
        buffer.set(SocketBuffer.TIME_TYPE, type);
        return 0;
    }

    static long setHash(CallSite site, long hash) {
        SocketBuffer.of(site).hash((int) hash);
        return 0;
    }

    static long clearHash(CallSite site) {
        SocketBuffer.of(site).clearHash();
        return 0;
    }

    /**
     * The hash of the packet's flow, computed if nobody has set it. Linux's depends on a number that it draws when it starts; this one is
     * of the bytes from the network header on that name the flow, and the same in every run.
     */
    static long hash(CallSite site) {
        SocketBuffer buffer = SocketBuffer.of(site);
        if (!buffer.isHashed()) {
            long from = buffer.input().networkHeader();
            int bytes = Math.clamp(buffer.input().dataEnd() - from, 0, IPV6_HEADER + 4);
            int hash = buffer.protocol();
            for (int i = 0; i < bytes; i++) {
                hash = (hash ^ Memory.loadByte(from + i)) * 0x0100_0193;
            }
            buffer.hash(hash == 0 ? 1 : hash);
        }
        return buffer.get(SocketBuffer.HASH);
    }

    /** {@code csum_level}: 0 asks how many checksums are known to be right, 1 adds one, 2 takes one away, 3 all. */
    static long checksumLevel(CallSite site, long what) {
        SocketBuffer buffer = SocketBuffer.of(site);
        int known = buffer.checksums();
        if (what == 0) {
            return known == 0 ? -EACCES : known - 1;
        }
        if (what < 0 || what > 3) {
            return -EINVAL;
        }
        buffer.checksums(what == 1 ? known + 1 : what == 2 ? known - 1 : 0);
        return 0;
    }
}
