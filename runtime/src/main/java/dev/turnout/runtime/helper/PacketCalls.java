package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EACCES;
import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOMEM;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.memory.Memory;

/** Helpers on packets. All our packets are linear. */
final class PacketCalls {
    private static final int ETHERNET_HEADER = 14;
    /** What Linux keeps in front of an XDP frame for itself. */
    private static final int FRAME_RECORD = 40;

    private static final int LONGEST_META = 252;
    private static final long RECOMPUTE_CHECKSUM = 1;
    private static final long INVALIDATE_HASH = 2;
    private static final long FARTHEST = 0xffff;
    private static final int FROM_MAC = 0;
    private static final int FROM_NETWORK = 1;

    private PacketCalls() {}

    /** Whether bytes {@code offset} to {@code offset + length} are in the packet. */
    private static boolean holds(Workspace workspace, long offset, long length) {
        long size = workspace.dataEnd() - workspace.data();
        return offset <= Integer.MAX_VALUE && offset <= size && length <= size - offset;
    }

    static long loadBytes(CallSite site, long offsetArgument, long to, long lengthArgument) {
        long offset = offsetArgument & 0xffff_ffffL;
        long length = lengthArgument & 0xffff_ffffL;
        site.writes(to, length);
        Workspace workspace = site.workspace();
        if (!holds(workspace, offset, length)) {
            Memory.zero(to, length);
            return -EFAULT;
        }
        Memory.copy(workspace.data() + offset, to, length);
        return 0;
    }

    static long storeBytes(CallSite site, long offsetArgument, long from, long lengthArgument, long flags) {
        long offset = offsetArgument & 0xffff_ffffL;
        long length = lengthArgument & 0xffff_ffffL;
        site.reads(from, length);
        Workspace workspace = site.workspace();
        if ((flags & ~(RECOMPUTE_CHECKSUM | INVALIDATE_HASH)) != 0) {
            return -EINVAL;
        }
        if (!holds(workspace, offset, length)) {
            return -EFAULT;
        }
        Memory.copy(from, workspace.data() + offset, length);
        if ((flags & INVALIDATE_HASH) != 0) {
            SocketBuffer.of(site).clearHash();
        }
        return 0;
    }

    /** Like {@link #loadBytes}, with the offset from a header, wherever the program's view of the packet begins. */
    static long loadBytesRelative(CallSite site, long offsetArgument, long to, long lengthArgument, long header) {
        long offset = offsetArgument & 0xffff_ffffL;
        long length = lengthArgument & 0xffff_ffffL;
        site.writes(to, length);
        Workspace workspace = site.workspace();
        int from = (int) header;
        long start = from == FROM_NETWORK ? workspace.networkHeader() : workspace.macHeader();
        if (offset > FARTHEST
                || (from != FROM_MAC && from != FROM_NETWORK)
                || start + offset + length > workspace.dataEnd()) {
            Memory.zero(to, length);
            return -EFAULT;
        }
        Memory.copy(start + offset, to, length);
        return 0;
    }

    static long pull(CallSite site, long lengthArgument) {
        long length = lengthArgument & 0xffff_ffffL;
        Workspace workspace = site.workspace();
        return length > workspace.dataEnd() - workspace.data() ? -ENOMEM : 0;
    }

    /** {@code bpf_xdp_pull_data}: all of a frame is there already. */
    static long pullFrame(CallSite site, long lengthArgument) {
        Workspace workspace = site.workspace();
        return (lengthArgument & 0xffff_ffffL) <= workspace.dataEnd() - workspace.data() ? 0 : -EINVAL;
    }

    static long adjustHead(CallSite site, long by) {
        Workspace workspace = site.workspace();
        long meta = workspace.data() - workspace.dataMeta();
        long data = workspace.data() + (int) by;
        if (data < workspace.hardStart() + FRAME_RECORD + meta || data > workspace.dataEnd() - ETHERNET_HEADER) {
            return -EINVAL;
        }
        if (meta > 0) {
            Memory.copy(workspace.dataMeta(), data - meta, meta);
        }
        workspace.movePacket(data - meta, data, workspace.dataEnd());
        return 0;
    }

    static long adjustMeta(CallSite site, long by) {
        Workspace workspace = site.workspace();
        long meta = workspace.dataMeta() + (int) by;
        if (meta < workspace.hardStart() + FRAME_RECORD || meta > workspace.data()) {
            return -EINVAL;
        }
        long length = workspace.data() - meta;
        if ((length & 3) != 0 || length > LONGEST_META) {
            return -EACCES;
        }
        workspace.movePacket(meta, workspace.data(), workspace.dataEnd());
        return 0;
    }

    static long adjustTail(CallSite site, long by) {
        Workspace workspace = site.workspace();
        int bytes = (int) by;
        long end = workspace.dataEnd() + bytes;
        if (end > workspace.hardEnd() || end < workspace.data() + ETHERNET_HEADER) {
            return -EINVAL;
        }
        if (bytes > 0) {
            Memory.zero(workspace.dataEnd(), bytes);
        }
        workspace.movePacket(workspace.dataMeta(), workspace.data(), end);
        return 0;
    }
}
