package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EAGAIN;
import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.PerfEventArrayMap;
import dev.turnout.runtime.map.RingBufferMap;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;

/** Helpers that write records for somebody outside: into ring buffers, and into the rings of perf events. */
final class RingCalls {
    private static final long WAKEUP_FLAGS = 3;
    /** In the flags of an output of a packet program: how much of the packet follows. */
    private static final long CONTEXT_LENGTH = 0xf_ffffL << 32;

    private static final long INDEX = 0xffff_ffffL;

    private RingCalls() {}

    private static RingBufferMap ring(CallSite site, long map) {
        return (RingBufferMap) site.map(map);
    }

    static long reserve(CallSite site, long map, long size, long flags) {
        return flags != 0 ? 0 : ring(site, map).reserve(size);
    }

    static long commit(CallSite site, long record, long flags, boolean discarded) {
        ring(site, RingBufferMap.mapOf(record)).commit(record, flags, discarded);
        return 0;
    }

    static long output(CallSite site, long map, long from, long size, long flags) {
        site.reads(from, size);
        if ((flags & ~WAKEUP_FLAGS) != 0) {
            return -EINVAL;
        }
        RingBufferMap ring = ring(site, map);
        long record = ring.reserve(size);
        if (record == 0) {
            return -EAGAIN;
        }
        Memory.copy(from, record, size);
        ring.commit(record, flags, false);
        return 0;
    }

    static long query(CallSite site, long map, long flags) {
        return ring(site, map).query(flags);
    }

    /** {@code perf_event_output}, and what packet programs have under its name: the packet's first bytes may follow the record. */
    static long perfOutput(CallSite site, long map, long flags, long from, long size) {
        site.reads(from, size);
        PerfEventArrayMap events = (PerfEventArrayMap) site.map(map);
        Workspace workspace = site.workspace();
        boolean packets = workspace.layout() == ContextLayout.XDP_MD || workspace.layout() == ContextLayout.SK_BUFF;
        if (!packets) {
            return events.output(flags, site.slot(), from, size, 0, 0);
        }
        if ((flags & ~(CONTEXT_LENGTH | INDEX)) != 0) {
            return -EINVAL;
        }
        long follows = (flags & CONTEXT_LENGTH) >>> 32;
        if (follows > workspace.dataEnd() - workspace.data()) {
            return -EFAULT;
        }
        return events.output(flags & INDEX, site.slot(), from, size, workspace.data(), follows);
    }

    static long perfRead(CallSite site, long map, long flags) {
        return ((PerfEventArrayMap) site.map(map)).counter(flags, site.slot());
    }

    /** The three numbers of a counter; all zero if there is an error, and there always is. */
    static long perfReadValue(CallSite site, long map, long flags, long to, long size) {
        site.writes(to, size);
        Memory.zero(to, size);
        return (int) size == 24 ? perfRead(site, map, flags) : -EINVAL;
    }
}
