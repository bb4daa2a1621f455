package dev.turnout.bench.codesize;

import dev.turnout.ir.model.ByteString;

/** The one packet that every workload is given: sixteen headers at a stride of 88 in pseudo-random bytes. */
final class WorkloadPacket {
    static final int LENGTH = 1408;

    private static final int RECORDS = 16;
    private static final int STRIDE = 88;
    private static final int MACS = 12;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private WorkloadPacket() {}

    /** Xorshift bytes, into which Ethernet, VLAN tags, IPv4 or IPv6 and the start of TCP or UDP are laid. */
    static ByteString make() {
        byte[] packet = new byte[LENGTH];
        int state = 0x12345678;
        for (int i = 0; i < LENGTH; i++) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            packet[i] = (byte) (state >>> 11);
        }
        for (int record = 0; record < RECORDS; record++) {
            header(packet, record);
        }
        return ByteString.copyOf(packet);
    }

    private static void header(byte[] packet, int record) {
        int type = record * STRIDE + MACS;
        int tags = record % 4 == 1 || record % 4 == 2 ? record % 4 : 0;
        for (int i = 0; i < tags; i++) {
            word(packet, type, 0x8100);
            type += 4;
        }
        int network = type + 2;
        int transport;
        byte protocol = (byte) (odd(record) ? UDP : TCP);
        if (record % 3 == 2) {
            word(packet, type, 0x86dd);
            packet[network] = 0x60;
            packet[network + 6] = protocol;
            transport = network + 40;
        } else {
            word(packet, type, 0x0800);
            int words = record % 5 == 4 ? 6 : 5;
            packet[network] = (byte) (0x40 | words);
            packet[network + 9] = protocol;
            transport = network + 4 * words;
        }
        if (odd(record)) {
            word(packet, transport + 4, 30);
        } else if (transport + 13 < LENGTH) {
            packet[transport + 13] = (byte) (record % 4 != 0 ? 0x02 : 0x10);
        }
    }

    private static boolean odd(int record) {
        return (record & 1) != 0;
    }

    private static void word(byte[] packet, int at, int value) {
        packet[at] = (byte) (value >>> 8);
        packet[at + 1] = (byte) value;
    }
}
