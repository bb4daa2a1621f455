package dev.turnout.runtime.helper;

import dev.turnout.runtime.memory.Memory;

/** Marking a packet that met congestion (RFC 3168): only one whose sender understands marks. */
final class CongestionCalls {
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int CHECKSUM = 10;
    private static final int MARKS = 3;
    /** Where the two bits are in the first 16 of IPv6, in network order. */
    private static final int IPV6_SHIFT = 4;

    private CongestionCalls() {}

    /** 1 if the packet is marked now, 0 if it cannot be. */
    static long mark(CallSite site) {
        SocketBuffer buffer = SocketBuffer.of(site);
        int at = buffer.networkOffset();
        return switch (VlanCalls.protocolBehindTags(buffer)) {
            case IPV4 -> fits(buffer, at, IPV4_HEADER) ? markFour(buffer.input().networkHeader()) : 0;
            case IPV6 -> fits(buffer, at, IPV6_HEADER) ? markSix(buffer.input().networkHeader()) : 0;
            default -> 0; // Others have no marks.
        };
    }

    private static boolean fits(SocketBuffer buffer, int at, int header) {
        return buffer.length() >= header && at + header <= buffer.length();
    }

    private static long markFour(long header) {
        int marks = Memory.loadByte(header + 1) & MARKS;
        if (marks == 0 || marks == MARKS) {
            return marks == 0 ? 0 : 1;
        }
        Memory.storeByte(header + 1, (byte) (Memory.loadByte(header + 1) | MARKS));
        // RFC 1624: the first word grew by what the marks grew, so the sum of the others shrinks by it.
        int sum = (Short.reverseBytes(Memory.loadShort(header + CHECKSUM)) & 0xffff) + (~(MARKS - marks) & 0xffff);
        Memory.storeShort(header + CHECKSUM, Short.reverseBytes((short) (sum + (sum >> 16))));
        return 1;
    }

    private static long markSix(long header) {
        int first = Short.reverseBytes(Memory.loadShort(header)) & 0xffff;
        if ((first >> IPV6_SHIFT & MARKS) == 0) {
            return 0;
        }
        Memory.storeShort(header, Short.reverseBytes((short) (first | MARKS << IPV6_SHIFT)));
        return 1;
    }
}
