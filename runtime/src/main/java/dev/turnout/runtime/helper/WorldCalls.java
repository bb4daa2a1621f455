package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.EOPNOTSUPP;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Helpers that ask who runs the program, and where. There is one control group, the root, and no namespace but the host's. */
final class WorldCalls {
    /** Number of the root of all control groups, as in Linux. */
    private static final long ROOT_CGROUP = 1;

    private static final long TICK_NANOS = 1_000_000;
    private static final int LONGEST_NAME = 15;

    private WorldCalls() {}

    /** The task's name, cut to the buffer, zeros behind it. */
    static long comm(CallSite site, long buffer, long size) {
        int bytes = (int) size;
        site.writes(buffer, bytes);
        byte[] name = site.world().comm().getBytes(StandardCharsets.UTF_8);
        int shown = Math.min(name.length, Math.min(LONGEST_NAME, bytes - 1));
        Memory.copyIn(Arrays.copyOf(Arrays.copyOf(name, shown), bytes), buffer);
        return 0;
    }

    /** A thousand ticks a second; Linux's rate is chosen when it is built. */
    static long ticks(CallSite site) {
        return site.world().monotonicNanos() / TICK_NANOS;
    }

    static long cgroup() {
        return ROOT_CGROUP;
    }

    /** The root has no ancestor but itself. */
    static long cgroupAbove(long level) {
        return (int) level == 0 ? ROOT_CGROUP : 0;
    }

    /** No namespace that a program could name is ours: zeros, and the error that Linux gives then. */
    static long pidInNamespace(CallSite site, long to, long size) {
        site.writes(to, size & 0xffff_ffffL);
        Memory.zero(to, size & 0xffff_ffffL);
        return -EINVAL;
    }

    /** Notes what the caller of a control group's program is to return; 0, or a negated error of Linux. */
    static long returns(CallSite site, long value) {
        site.workspace().input().returned((int) value);
        return 0;
    }

    /** Where a probed function begins, which the registers say; 0 for programs that run without any. */
    static long function(CallSite site) {
        ContextLayout layout = site.workspace().layout();
        return layout == ContextLayout.PT_REGS
                ? Memory.loadLong(site.workspace().context()
                        + layout.field("ip").orElseThrow().offset())
                : 0;
    }

    /** Stacks of a kernel or a process: there are none to walk. */
    static long noStack() {
        return -EOPNOTSUPP;
    }

    /** The same for a helper that would write one. */
    static long noStack(CallSite site, long to, long size) {
        long bytes = size & 0xffff_ffffL;
        site.writes(to, bytes);
        Memory.zero(to, bytes);
        return -EOPNOTSUPP;
    }
}
