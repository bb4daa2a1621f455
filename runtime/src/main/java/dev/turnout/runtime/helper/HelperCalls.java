package dev.turnout.runtime.helper;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.helper.HelperFunction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** All helpers, by row. */
public final class HelperCalls {
    private HelperCalls() {}

    /** How a helper is carried out. */
    public enum Support {
        /** By {@link #call}. */
        CALL,
        /** By the engine, because it changes which instruction runs next. */
        ENGINE,
        /** Not yet. */
        NONE
    }

    public static Support support(HelperFunction helper) {
        return switch (helper) {
            case MAP_LOOKUP_ELEM,
                    MAP_UPDATE_ELEM,
                    MAP_DELETE_ELEM,
                    MAP_PUSH_ELEM,
                    MAP_POP_ELEM,
                    MAP_PEEK_ELEM,
                    MAP_LOOKUP_PERCPU_ELEM,
                    SPIN_LOCK,
                    SPIN_UNLOCK,
                    KTIME_GET_NS,
                    KTIME_GET_BOOT_NS,
                    TRACE_PRINTK,
                    TRACE_VPRINTK,
                    GET_PRANDOM_U32,
                    GET_SMP_PROCESSOR_ID,
                    GET_CURRENT_PID_TGID,
                    GET_CURRENT_UID_GID,
                    GET_CURRENT_COMM,
                    SKB_STORE_BYTES,
                    SKB_LOAD_BYTES,
                    SKB_PULL_DATA,
                    L3_CSUM_REPLACE,
                    L4_CSUM_REPLACE,
                    CSUM_DIFF,
                    REDIRECT,
                    XDP_ADJUST_HEAD,
                    XDP_ADJUST_META,
                    XDP_ADJUST_TAIL,
                    RINGBUF_OUTPUT,
                    RINGBUF_RESERVE,
                    RINGBUF_SUBMIT,
                    RINGBUF_DISCARD,
                    RINGBUF_QUERY,
                    PERF_EVENT_OUTPUT,
                    PERF_EVENT_READ,
                    PERF_EVENT_READ_VALUE -> Support.CALL;
            case TAIL_CALL, LOOP -> Support.ENGINE;
            default -> Support.NONE; // The rows are all that Linux has; most of them have no body here.
        };
    }

    /** Carries a helper out; only those whose {@link #support} is {@code CALL}. Arguments are r1 to r5, the result is r0. */
    public static long call(HelperFunction helper, CallSite site, long a, long b, long c, long d, long e) {
        return switch (helper) {
            case MAP_LOOKUP_ELEM -> MapCalls.lookup(site, a, b);
            case MAP_UPDATE_ELEM -> MapCalls.update(site, a, b, c, d);
            case MAP_DELETE_ELEM -> MapCalls.delete(site, a, b);
            case MAP_PUSH_ELEM -> MapCalls.push(site, a, b, c);
            case MAP_POP_ELEM -> MapCalls.pop(site, a, b);
            case MAP_PEEK_ELEM -> MapCalls.peek(site, a, b);
            case MAP_LOOKUP_PERCPU_ELEM -> MapCalls.lookupOn(site, a, b, c);
            case SPIN_LOCK -> MapCalls.spinLock(site, a);
            case SPIN_UNLOCK -> MapCalls.spinUnlock(site, a);
            case KTIME_GET_NS, KTIME_GET_BOOT_NS -> site.world().monotonicNanos();
            case GET_PRANDOM_U32 -> site.world().random() & 0xffff_ffffL;
            case GET_SMP_PROCESSOR_ID -> site.slot();
            case GET_CURRENT_PID_TGID -> site.world().pidTgid();
            case GET_CURRENT_UID_GID -> site.world().uidGid();
            case GET_CURRENT_COMM -> comm(site, a, b);
            case TRACE_PRINTK -> PrintCalls.print(site, a, b, new long[] {c, d, e});
            case TRACE_VPRINTK -> PrintCalls.printAll(site, a, b, c, d);
            case SKB_LOAD_BYTES -> PacketCalls.loadBytes(site, b, c, d);
            case SKB_STORE_BYTES -> PacketCalls.storeBytes(site, b, c, d, e);
            case SKB_PULL_DATA -> PacketCalls.pull(site, b);
            case REDIRECT -> PacketCalls.redirect(site, a, b);
            case XDP_ADJUST_HEAD -> PacketCalls.adjustHead(site, b);
            case XDP_ADJUST_META -> PacketCalls.adjustMeta(site, b);
            case XDP_ADJUST_TAIL -> PacketCalls.adjustTail(site, b);
            case CSUM_DIFF -> ChecksumCalls.difference(site, a, b, c, d, e);
            case L3_CSUM_REPLACE -> ChecksumCalls.replaceNetwork(site, b, c, d, e);
            case L4_CSUM_REPLACE -> ChecksumCalls.replaceTransport(site, b, c, d, e);
            case RINGBUF_OUTPUT -> RingCalls.output(site, a, b, c, d);
            case RINGBUF_RESERVE -> RingCalls.reserve(site, a, b, c);
            case RINGBUF_SUBMIT -> RingCalls.commit(site, a, b, false);
            case RINGBUF_DISCARD -> RingCalls.commit(site, a, b, true);
            case RINGBUF_QUERY -> RingCalls.query(site, a, b);
            case PERF_EVENT_OUTPUT -> RingCalls.perfOutput(site, b, c, d, e);
            case PERF_EVENT_READ -> RingCalls.perfRead(site, a, b);
            case PERF_EVENT_READ_VALUE -> RingCalls.perfReadValue(site, a, b, c, d);
            default -> // Those that support() does not name.
                throw new IllegalStateException(helper + " is not carried out here");
        };
    }

    /** The task's name, cut to the buffer, zeros behind it. */
    private static long comm(CallSite site, long buffer, long size) {
        int bytes = (int) size;
        site.writes(buffer, bytes);
        byte[] name = site.world().comm().getBytes(StandardCharsets.UTF_8);
        int shown = Math.min(name.length, Math.min(15, bytes - 1));
        Memory.copyIn(Arrays.copyOf(Arrays.copyOf(name, shown), bytes), buffer);
        return 0;
    }
}
