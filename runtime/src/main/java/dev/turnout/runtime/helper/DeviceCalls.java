package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENODEV;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;

/** Helpers that ask network devices. There is one, the loopback device, on which all packets arrive. */
final class DeviceCalls {
    private static final long LOOPBACK = 1;
    private static final int LOOPBACK_MTU = 65_536;
    private static final int LINK_HEADER = 14;
    private static final long SEGMENTS = 1;
    private static final long TOO_LONG = 1;
    private static final int WORD = 4;

    private DeviceCalls() {}

    /** Whether the packet, with {@code by} bytes more, fits what a device sends in one piece. */
    static long check(CallSite site, long device, long mtu, long by, long flags) {
        site.reads(mtu, WORD);
        site.writes(mtu, WORD);
        return site.workspace().layout() == ContextLayout.XDP_MD
                ? checkFrame(site, device, mtu, by, flags)
                : checkBuffer(site, device, mtu, by, flags);
    }

    private static long checkBuffer(CallSite site, long device, long mtu, long by, long flags) {
        SocketBuffer buffer = SocketBuffer.of(site);
        boolean segments = (flags & SEGMENTS) != 0;
        if ((flags & ~SEGMENTS) != 0 || (segments && ((int) by != 0 || Memory.loadInt(mtu) != 0))) {
            return -EINVAL;
        }
        if (!exists(device)) {
            return -ENODEV;
        }
        boolean fits = fits(buffer.length(), mtu, by);
        if (!fits && buffer.isSegmented()) {
            if (segments && buffer.transportOffset() == 0) {
                return -EINVAL;
            }
            fits = true;
        }
        Memory.storeInt(mtu, LOOPBACK_MTU);
        return fits ? 0 : TOO_LONG;
    }

    private static long checkFrame(CallSite site, long device, long mtu, long by, long flags) {
        if (flags != 0) {
            return -EINVAL;
        }
        if (!exists(device)) {
            return -ENODEV;
        }
        boolean fits = fits((int) FrameCalls.length(site), mtu, by);
        Memory.storeInt(mtu, LOOPBACK_MTU);
        return fits ? 0 : TOO_LONG;
    }

    private static boolean exists(long device) {
        long index = device & 0xffff_ffffL;
        return index == 0 || index == LOOPBACK;
    }

    /** What is asked for, if it is said, counts from the network header on. Numbers wrap as Linux's do. */
    private static boolean fits(int length, long mtu, long by) {
        int asked = Memory.loadInt(mtu);
        return (asked != 0 ? asked + LINK_HEADER : length) + (int) by <= LOOPBACK_MTU + LINK_HEADER;
    }
}
