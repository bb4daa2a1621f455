package dev.turnout.runtime.context;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What Linux reads out of an Ethernet header when a frame arrives at the loopback device, whose address is all zeros. */
final class EthernetFrame {
    /** Bytes of the header. */
    static final int HEADER = 14;

    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;

    static final int PACKET_HOST = 0;
    static final int PACKET_MULTICAST = 2;
    static final int PACKET_OTHERHOST = 3;

    private static final int SMALLEST_TYPE = 0x600;
    private static final int PROTOCOL_802_3 = 1;
    private static final int PROTOCOL_802_2 = 4;

    private EthernetFrame() {}

    /** {@code pkt_type}. */
    static int packetType(MemorySegment frame) {
        // The broadcast address of the loopback device is all zeros too, so nothing is broadcast to it.
        if ((at(frame, 0) & 1) != 0) {
            return PACKET_MULTICAST;
        }
        boolean zero = true;
        for (int i = 0; i < 6; i++) {
            zero &= at(frame, i) == 0;
        }
        return zero ? PACKET_HOST : PACKET_OTHERHOST;
    }

    /** The protocol as a number in host order. */
    static int protocol(MemorySegment frame) {
        int type = word(frame, 12);
        if (type >= SMALLEST_TYPE) {
            return type;
        }
        // An old Novell frame shows itself by a checksum of ones.
        return frame.byteSize() >= HEADER + 2 && word(frame, HEADER) == 0xffff ? PROTOCOL_802_3 : PROTOCOL_802_2;
    }

    /** Whether the frame, if it says IPv4 or IPv6, holds all of the fixed header. */
    static boolean holdsNetworkHeader(MemorySegment frame) {
        return switch (protocol(frame)) {
            case IPV4 -> frame.byteSize() >= HEADER + 20;
            case IPV6 -> frame.byteSize() >= HEADER + 40;
            default -> true;
        };
    }

    private static int word(MemorySegment frame, int at) {
        return ((at(frame, at) & 0xff) << 8) | (at(frame, at + 1) & 0xff);
    }

    private static byte at(MemorySegment frame, int at) {
        return frame.get(ValueLayout.JAVA_BYTE, at);
    }
}
