package dev.turnout.runtime.context;

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
    static int packetType(byte[] frame) {
        // The broadcast address of the loopback device is all zeros too, so nothing is broadcast to it.
        if ((frame[0] & 1) != 0) {
            return PACKET_MULTICAST;
        }
        boolean zero = true;
        for (int i = 0; i < 6; i++) {
            zero &= frame[i] == 0;
        }
        return zero ? PACKET_HOST : PACKET_OTHERHOST;
    }

    /** The protocol as a number in host order. */
    static int protocol(byte[] frame) {
        int type = word(frame, 12);
        if (type >= SMALLEST_TYPE) {
            return type;
        }
        // An old Novell frame shows itself by a checksum of ones.
        return frame.length >= HEADER + 2 && word(frame, HEADER) == 0xffff ? PROTOCOL_802_3 : PROTOCOL_802_2;
    }

    /** Whether the frame, if it says IPv4 or IPv6, holds all of the fixed header. */
    static boolean holdsNetworkHeader(byte[] frame) {
        return switch (protocol(frame)) {
            case IPV4 -> frame.length >= HEADER + 20;
            case IPV6 -> frame.length >= HEADER + 40;
            default -> true;
        };
    }

    private static int word(byte[] frame, int at) {
        return ((frame[at] & 0xff) << 8) | (frame[at + 1] & 0xff);
    }
}
