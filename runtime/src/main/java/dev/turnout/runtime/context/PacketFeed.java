package dev.turnout.runtime.context;

import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How a frame becomes the context of a program. All frames begin with Ethernet; {@code socket} and {@code cgroup_skb} programs
 * see them from the network header on, as in Linux's test run, whose values the other fields have too: interface 1 (loopback),
 * queue 0, no marks.
 *
 * @param linux whether to feed what Linux's test run takes and no more: no frame under 14 bytes; for socket buffers none that
 *     says IPv4 or IPv6 and ends inside that header; of a frame for XDP the first {@value #LONGEST_LINEAR} bytes
 */
public record PacketFeed(boolean linux) {
    /** A page, without the room in front and what Linux reserves behind. */
    public static final int LONGEST_LINEAR = 3520;
    /** What a packet may take of its page, with the room in front. */
    static final int FRAME_ROOM = Workspace.HEADROOM + LONGEST_LINEAR;

    private static final int LOOPBACK = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final ContextField INGRESS =
            ContextLayout.XDP_MD.field("ingress_ifindex").orElseThrow();
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Makes the frame the present input; it is copied.
     *
     * @return false if it cannot be: it is too long, or too short for such a program
     */
    public boolean feed(Workspace to, ProgramType type, MemorySegment frame) {
        return feed(to.ownInput(), type, frame);
    }

    /** The same for bytes on the heap. */
    public boolean feed(Workspace to, ProgramType type, byte[] frame) {
        return feed(to, type, MemorySegment.ofArray(frame));
    }

    /** The same for any input that has room for the frame. */
    boolean feed(InputDescriptor to, ProgramType type, MemorySegment frame) {
        boolean tooShort = frame.byteSize() < EthernetFrame.HEADER;
        if (frame.byteSize() > Workspace.LONGEST_FRAME || (tooShort && linux)) {
            return false;
        }
        return switch (type.feed()) {
            case NONE -> false;
            case ETHERNET -> {
                if (type.context() == ContextLayout.XDP_MD) {
                    xdp(to, frame);
                    yield true;
                }
                yield socketBuffer(to, type, frame, 0);
            }
            case NETWORK_HEADER -> !tooShort && socketBuffer(to, type, frame, EthernetFrame.HEADER);
        };
    }

    private void xdp(InputDescriptor to, MemorySegment frame) {
        int size = (int) frame.byteSize();
        to.useLayout(ContextLayout.XDP_MD);
        to.field(INGRESS, LOOPBACK);
        to.usePacket(frame, 0, linux ? Math.min(size, LONGEST_LINEAR) : size);
    }

    private boolean socketBuffer(InputDescriptor to, ProgramType type, MemorySegment frame, int begins) {
        if (linux && !EthernetFrame.holdsNetworkHeader(frame)) {
            return false;
        }
        int size = (int) frame.byteSize();
        to.useLayout(type.context());
        to.field("len", size - begins);
        to.field("ifindex", LOOPBACK);
        if (size >= EthernetFrame.HEADER) {
            int protocol = EthernetFrame.protocol(frame);
            to.field("pkt_type", EthernetFrame.packetType(frame));
            to.field("protocol", Short.reverseBytes((short) protocol) & 0xffff);
            socket(to, protocol, frame);
        }
        to.usePacket(frame, begins, size);
        return true;
    }

    // The test run makes up a socket whose ends are the addresses of the packet.
    private static void socket(InputDescriptor to, int protocol, MemorySegment frame) {
        int ip = EthernetFrame.HEADER;
        if (protocol == EthernetFrame.IPV4 && frame.byteSize() >= ip + 20) {
            to.field("family", AF_INET);
            to.field("local_ip4", word(frame, ip + 12));
            to.field("remote_ip4", word(frame, ip + 16));
        } else if (protocol == EthernetFrame.IPV6 && frame.byteSize() >= ip + 40) {
            to.field("family", AF_INET6);
            for (int i = 0; i < 4; i++) {
                to.field("local_ip6[" + i + "]", word(frame, ip + 8 + 4 * i));
                to.field("remote_ip6[" + i + "]", word(frame, ip + 24 + 4 * i));
            }
        }
    }

    /** Four bytes as they lie in memory. */
    private static long word(MemorySegment frame, int at) {
        return Integer.toUnsignedLong(frame.get(WORD, at));
    }
}
