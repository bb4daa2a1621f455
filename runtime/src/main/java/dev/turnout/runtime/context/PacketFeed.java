package dev.turnout.runtime.context;

import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * How a frame becomes the context of a program. All frames begin with Ethernet; {@code socket}, {@code cgroup_skb} and tunnel programs
 * see them from the network header on, as in Linux's test run, whose values the other fields have too, where nothing is said of them:
 * interface 1 (loopback), queue 0, no marks. Programs of messages and of options are given the bytes that they work on.
 *
 * @param linux whether to feed what Linux's test run takes and no more: no frame under 14 bytes; for socket buffers none that
 *     says IPv4 or IPv6 and ends inside that header; of a frame for XDP the first {@value #LONGEST_LINEAR} bytes
 */
public record PacketFeed(boolean linux) {
    /** A page, without the room in front and what Linux reserves behind. */
    public static final int LONGEST_LINEAR = 3520;
    /** What a packet may take of its page, with the room in front. */
    static final int FRAME_ROOM = Workspace.HEADROOM + LONGEST_LINEAR;

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
    private static final int LONGEST_META = 252;
    private static final int LONGEST_WIRE = 65_536;
    private static final int MOST_SEGMENTS = 65_535;
    /** The fields of a socket buffer that Linux's test run lets be given. */
    private static final Set<String> SETTABLE = Set.of(
            "mark",
            "priority",
            "ingress_ifindex",
            "ifindex",
            "cb",
            "data_end",
            "tstamp",
            "wire_len",
            "gso_segs",
            "gso_size",
            "hwtstamp");

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
        return feed(to.ownInput(), type, frame, ByteString.EMPTY);
    }

    /**
     * The same with what else is said of the context, as {@code ctx_in} of Linux's test run says it.
     *
     * @param given laid out as the type's context, of a flow dissector as its keys; empty if nothing is said
     */
    public boolean feed(Workspace to, ProgramType type, MemorySegment frame, ByteString given) {
        return feed(to.ownInput(), type, frame, given);
    }

    /** The same for bytes on the heap. */
    public boolean feed(Workspace to, ProgramType type, byte[] frame) {
        return feed(to, type, MemorySegment.ofArray(frame));
    }

    /** The same for any input that has room for the frame. */
    boolean feed(InputDescriptor to, ProgramType type, MemorySegment frame, ByteString context) {
        if (frame.byteSize() > Workspace.LONGEST_FRAME) {
            return false;
        }
        GivenContext given = new GivenContext(type.context(), context);
        boolean tooShort = frame.byteSize() < EthernetFrame.HEADER;
        return switch (type.feed()) {
            case NONE -> false;
            case BYTES -> new EventFeed(linux).feed(to, type, frame, context);
            case ETHERNET ->
                switch (type.context()) {
                    case XDP_MD -> !(tooShort && linux) && xdp(to, frame, given);
                    case DISSECTED_SK_BUFF -> !tooShort && dissected(to, frame, given);
                    default -> !(tooShort && linux) && socketBuffer(to, frame, 0, given); // Classifiers and actions.
                };
            case NETWORK_HEADER -> !tooShort && socketBuffer(to, frame, EthernetFrame.HEADER, given);
        };
    }

    /**
     * Makes a context the present input, that of a program without packets or without one this time.
     *
     * @param given laid out as the type's context; what is missing is zero
     * @param behind what its first field is made to lead to; empty if it is what was given
     * @return false if it cannot be
     */
    public boolean feedContext(Workspace to, ProgramType type, ByteString given, ByteString behind) {
        long room = Math.max(given.size(), type.context().size()) + 8L + behind.size();
        return room <= Workspace.CONTEXT_ROOM && feedContext(to.ownInput(), type, given, behind);
    }

    boolean feedContext(InputDescriptor to, ProgramType type, ByteString given, ByteString behind) {
        return type.feed() == ProgramType.Feed.BYTES
                ? behind.size() == 0 && new EventFeed(linux).feed(to, type, NOTHING, given)
                : new EventFeed(linux).feed(to, type, given, behind);
    }

    private boolean xdp(InputDescriptor to, MemorySegment frame, GivenContext given) {
        int size = (int) frame.byteSize();
        to.useLayout(ContextLayout.XDP_MD);
        to.field(INGRESS, LOOPBACK);
        if (given.isEmpty()) {
            to.usePacket(frame, 0, linux ? Math.min(size, LONGEST_LINEAR) : size);
            return true;
        }
        long meta = given.number("data");
        long end = given.number("data_end") == 0 ? size : given.number("data_end");
        boolean shaped = meta <= end && end <= size && meta <= LONGEST_META && meta % 4 == 0;
        boolean linuxTakes = size - meta >= EthernetFrame.HEADER
                && given.number("egress_ifindex") == 0
                // The loopback device has one queue.
                && (given.number("ingress_ifindex") > LOOPBACK || given.number("rx_queue_index") == 0);
        if (!shaped || given.number("data_meta") != 0 || given.isTooLong() || (linux && !linuxTakes)) {
            return false;
        }
        given.copyNumbers(to);
        to.usePacketBehind(frame, (int) meta, (int) (linux ? Math.min(end, LONGEST_LINEAR + meta) : end));
        return true;
    }

    private static boolean dissected(InputDescriptor to, MemorySegment frame, GivenContext given) {
        if (!FlowKeys.onlyFlags(given)) {
            return false;
        }
        to.useLayout(ContextLayout.DISSECTED_SK_BUFF);
        to.field("flow_keys", FlowKeys.begin(to, frame, FlowKeys.flags(given)));
        to.usePacket(frame, 0, (int) frame.byteSize());
        return true;
    }

    /** Whether Linux's test run takes such a context with a packet of so many bytes. Ours are in one piece. */
    private boolean takes(GivenContext given, int length, int frame) {
        long wire = given.number("wire_len");
        return !given.hasPointers()
                && !given.isTooLong()
                && given.number("data") == 0
                && given.number("data_meta") == 0
                && (given.number("data_end") == 0 || given.number("data_end") == frame)
                && (wire == 0 || (wire >= length && wire <= LONGEST_WIRE))
                && given.number("gso_segs") <= MOST_SEGMENTS
                && (!linux || given.zeroBut(SETTABLE));
    }

    private boolean socketBuffer(InputDescriptor to, MemorySegment frame, int begins, GivenContext given) {
        int size = (int) frame.byteSize();
        if ((linux && !EthernetFrame.holdsNetworkHeader(frame)) || !takes(given, size - begins, size)) {
            return false;
        }
        to.useLayout(ContextLayout.SK_BUFF);
        to.field("len", size - begins);
        to.field("ifindex", LOOPBACK);
        if (size >= EthernetFrame.HEADER) {
            int protocol = EthernetFrame.protocol(frame);
            to.field("pkt_type", EthernetFrame.packetType(frame));
            to.field("protocol", Short.reverseBytes((short) protocol) & 0xffff);
            socket(to, protocol, frame);
        }
        given.copyNumbers(to);
        if (!given.isEmpty()) {
            // Linux keeps 16 bits of it.
            to.field("gso_size", given.number("gso_size") & 0xffff);
            if (given.number("wire_len") == 0) {
                to.field("wire_len", size - begins);
            }
        }
        to.field("sk", AttachedSocket.make(to));
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
