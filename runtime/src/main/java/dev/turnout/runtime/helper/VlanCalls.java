package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOMEM;

/**
 * Helpers on VLAN tags (IEEE 802.1Q). The outermost tag is not in the packet but beside it, in the context; when another is put on top of
 * it, it moves in.
 */
final class VlanCalls {
    private static final int TAG = 4;
    private static final int MOST_TAGS = 7;
    private static final int ADDRESSES = 12;
    private static final int ETHERNET_HEADER = 14;
    private static final int CUSTOMER = 0x8100;
    private static final int SERVICE = 0x88a8;
    private static final int SMALLEST_TYPE = 0x600;
    private static final int NOVELL = 1;
    private static final int LLC = 4;

    private VlanCalls() {}

    private static boolean isTag(int protocol) {
        return protocol == CUSTOMER || protocol == SERVICE;
    }

    /** The protocol that the tags in the packet carry, if there are any; 0 if they do not end. */
    static int protocolBehindTags(SocketBuffer buffer) {
        int protocol = buffer.protocol();
        for (int tags = 0; isTag(protocol); tags++) {
            int at = buffer.firstTag() + tags * TAG;
            if (tags == MOST_TAGS || at < 0 || at + TAG > buffer.length()) {
                return 0;
            }
            protocol = buffer.half(at + 2);
        }
        return protocol;
    }

    static long push(CallSite site, long protocolArgument, long tag) {
        SocketBuffer buffer = SocketBuffer.of(site);
        int protocol = Short.reverseBytes((short) protocolArgument) & 0xffff;
        if (buffer.get(SocketBuffer.VLAN_PRESENT) != 0) {
            if (buffer.networkOffset() < ETHERNET_HEADER || buffer.length() < ETHERNET_HEADER) {
                return -EINVAL;
            }
            int outer = Short.reverseBytes((short) buffer.get(SocketBuffer.VLAN_PROTOCOL)) & 0xffff;
            if (!buffer.push(ADDRESSES, TAG)) {
                return -ENOMEM;
            }
            buffer.half(ADDRESSES, outer);
            buffer.half(ADDRESSES + 2, (int) buffer.get(SocketBuffer.VLAN_TCI));
            buffer.moveHeaders(-TAG);
            buffer.protocol(outer);
        }
        beside(buffer, isTag(protocol) ? protocol : CUSTOMER, (int) tag & 0xffff);
        buffer.measure();
        return 0;
    }

    private static void beside(SocketBuffer buffer, int protocol, int tag) {
        buffer.set(SocketBuffer.VLAN_PRESENT, 1);
        buffer.set(SocketBuffer.VLAN_TCI, tag);
        buffer.set(SocketBuffer.VLAN_PROTOCOL, Short.reverseBytes((short) protocol) & 0xffff);
    }

    static long pop(CallSite site) {
        SocketBuffer buffer = SocketBuffer.of(site);
        if (buffer.get(SocketBuffer.VLAN_PRESENT) != 0) {
            buffer.set(SocketBuffer.VLAN_PRESENT, 0);
            buffer.set(SocketBuffer.VLAN_TCI, 0);
            buffer.set(SocketBuffer.VLAN_PROTOCOL, 0);
        } else {
            if (!isTag(buffer.protocol())) {
                return 0;
            }
            int taken = takeOut(buffer);
            if (taken < 0) {
                return taken;
            }
        }
        int next = buffer.protocol();
        if (!isTag(next)) {
            return 0;
        }
        int tag = takeOut(buffer);
        if (tag < 0) {
            return tag;
        }
        beside(buffer, next, tag);
        return 0;
    }

    /** Takes the tag out of the packet; the tag, or an error. */
    private static int takeOut(SocketBuffer buffer) {
        if (buffer.length() < ETHERNET_HEADER + TAG) {
            return -ENOMEM;
        }
        int tag = buffer.half(ETHERNET_HEADER);
        int next = buffer.half(ETHERNET_HEADER + 2);
        if (next < SMALLEST_TYPE) {
            boolean novell =
                    buffer.length() >= ETHERNET_HEADER + TAG + 2 && buffer.half(ETHERNET_HEADER + TAG) == 0xffff;
            next = novell ? NOVELL : LLC;
        }
        buffer.pop(ADDRESSES, TAG);
        long data = buffer.input().data();
        // The network header stays where it is, unless the packet is now too short for it to be there.
        buffer.input().headers(data, Math.max(buffer.input().networkHeader(), data + ETHERNET_HEADER));
        buffer.protocol(next);
        buffer.measure();
        return tag;
    }
}
