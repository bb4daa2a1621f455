package dev.turnout.runtime.context;

/** What Linux reads out of an Ethernet header when a frame arrives at the loopback device, whose address is all zeros. */
final class EthernetFrame {
    /** Bytes of the header. */
    static final int HEADER = 14;

    static final int PACKET_HOST = 0;
    static final int PACKET_BROADCAST = 1;
    static final int PACKET_MULTICAST = 2;
    static final int PACKET_OTHERHOST = 3;

    private static final int SMALLEST_TYPE = 0x600;
    private static final int PROTOCOL_802_3 = 1;
    private static final int PROTOCOL_802_2 = 4;

    private EthernetFrame() {}

    /** {@code pkt_type}. */
    static int packetType(byte[] frame) {
        boolean zero = true;
        boolean ones = true;
        for (int i = 0; i < 6; i++) {
            zero &= frame[i] == 0;
            ones &= frame[i] == -1;
        }
        if ((frame[0] & 1) != 0) {
            return ones ? PACKET_BROADCAST : PACKET_MULTICAST;
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

    private static int word(byte[] frame, int at) {
        return ((frame[at] & 0xff) << 8) | (frame[at + 1] & 0xff);
    }
}
