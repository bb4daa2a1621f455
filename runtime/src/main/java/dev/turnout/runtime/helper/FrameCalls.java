package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.memory.Memory;

/** Helpers that copy from and to XDP frames, all of which are in one piece here. */
final class FrameCalls {
    private static final long MOST = 0xffff;

    private FrameCalls() {}

    static long length(CallSite site) {
        Workspace workspace = site.workspace();
        return workspace.dataEnd() - workspace.data();
    }

    static long load(CallSite site, long offsetArgument, long to, long lengthArgument) {
        long offset = offsetArgument & 0xffff_ffffL;
        long length = lengthArgument & 0xffff_ffffL;
        site.writes(to, length);
        int error = error(site, offset, length);
        if (error == 0) {
            Memory.copy(site.workspace().data() + offset, to, length);
        }
        return error;
    }

    static long store(CallSite site, long offsetArgument, long from, long lengthArgument) {
        long offset = offsetArgument & 0xffff_ffffL;
        long length = lengthArgument & 0xffff_ffffL;
        site.reads(from, length);
        int error = error(site, offset, length);
        if (error == 0) {
            Memory.copy(from, site.workspace().data() + offset, length);
        }
        return error;
    }

    private static int error(CallSite site, long offset, long length) {
        if (offset > MOST || length > MOST) {
            return -EFAULT;
        }
        return offset + length > length(site) ? -EINVAL : 0;
    }
}
