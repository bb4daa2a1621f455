package dev.turnout.driver.test;

import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The packets of a test, by the handles that it has of them. A packet is what the last run left of it. */
final class TestPackets {
    private static final int ETHERNET_HEADER = 14;

    private final List<Packet> packets = new ArrayList<>();
    private final ToLongFunction<byte[]> shower;

    /** Its bytes, and where they can be seen, if they were asked for. */
    private static final class Packet {
        byte[] bytes = {};
        long address;
    }

    /** @param shower gives an address at which bytes are seen, and what becomes of them */
    TestPackets(ToLongFunction<byte[]> shower) {
        this.shower = shower;
    }

    private Packet packet(long handle) {
        return packets.get((int) handle);
    }

    /** A copy of its bytes. */
    byte[] bytes(long handle) {
        return packet(handle).bytes.clone();
    }

    int length(long handle) {
        return packet(handle).bytes.length;
    }

    /** The handle of another one. */
    long make(byte[] bytes) {
        Packet packet = new Packet();
        packet.bytes = bytes;
        packets.add(packet);
        return packets.size() - 1L;
    }

    /** The handle of one with the first bytes, or all of them if there are fewer. */
    long cut(long handle, long length) {
        return make(Arrays.copyOf(packet(handle).bytes, Math.clamp(length, 0, length(handle))));
    }

    void append(long handle, byte[] more) {
        byte[] all = Arrays.copyOf(packet(handle).bytes, length(handle) + more.length);
        System.arraycopy(more, 0, all, length(handle), more.length);
        put(packet(handle), all);
    }

    /** The address of bytes in the packet; 0 if it has not that many. */
    long at(long handle, long offset, long size) {
        Packet packet = packet(handle);
        if (offset < 0 || size > packet.bytes.length - offset) {
            return 0;
        }
        if (packet.address == 0) {
            packet.address = shower.applyAsLong(packet.bytes);
        }
        return packet.address + offset;
    }

    /** Takes what a run of a program of that type gave. */
    void ran(long handle, ProgramType type, byte[] output) {
        Packet packet = packet(handle);
        byte[] after = whole(type, packet.bytes, output);
        if (after.length == packet.bytes.length) {
            System.arraycopy(after, 0, packet.bytes, 0, after.length);
        } else {
            put(packet, after);
        }
    }

    private static void put(Packet packet, byte[] bytes) {
        packet.bytes = bytes;
        packet.address = 0;
    }

    /** With the Ethernet header that the program did not see. What a dissector gives is no packet. */
    private static byte[] whole(ProgramType type, byte[] before, byte[] output) {
        return switch (type.feed()) {
            case NONE, BYTES -> output;
            case ETHERNET -> type == ProgramType.FLOW_DISSECTOR ? before : output;
            case NETWORK_HEADER -> {
                byte[] all = Arrays.copyOf(before, ETHERNET_HEADER + output.length);
                System.arraycopy(output, 0, all, ETHERNET_HEADER, output.length);
                yield all;
            }
        };
    }
}
