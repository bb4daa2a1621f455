package dev.turnout.runtime.helper;

import dev.turnout.runtime.helper.ProbeCalls.Space;
import dev.turnout.runtime.map.Errno;
import dev.turnout.stdlib.helper.HelperFunction;
import org.jspecify.annotations.Nullable;

/** All helpers that this machine carries out: the table of their bodies. Those that are not here it lacks, and {@link Absence} says why. */
public final class HelperCalls {
    /** By kernel number, as far as somebody has asked for them: a process that calls two helpers does not make a hundred bodies. */
    private static final @Nullable HelperBody[] BODIES = new HelperBody[HelperFunction.values().length + 1];

    private HelperCalls() {}

    /** How a helper is carried out. */
    public enum Support {
        /** By {@link #call}. */
        CALL,
        /** By the engine, because it changes which instruction runs next. */
        ENGINE,
        /** Not at all. */
        NONE
    }

    public static Support support(HelperFunction helper) {
        return switch (helper) {
            case TAIL_CALL, LOOP, FOR_EACH_MAP_ELEM, USER_RINGBUF_DRAIN -> Support.ENGINE;
            default -> body(helper) == null ? Support.NONE : Support.CALL; // The rest is for the table to say.
        };
    }

    /** Carries a helper out; only those whose {@link #support} is {@code CALL}. Arguments are r1 to r5, the result is r0. */
    public static long call(HelperFunction helper, CallSite site, long a, long b, long c, long d, long e) {
        HelperBody body = BODIES[helper.id()];
        if (body == null) {
            body = body(helper);
            if (body == null) {
                throw new IllegalStateException(helper + " is not carried out here");
            }
            // Threads that come here together write the same thing.
            BODIES[helper.id()] = body;
        }
        return body.call(site, a, b, c, d, e);
    }

    private static @Nullable HelperBody body(HelperFunction helper) {
        return switch (helper) {
            case MAP_LOOKUP_ELEM -> (site, a, b, _, _, _) -> MapCalls.lookup(site, a, b);
            case MAP_UPDATE_ELEM -> (site, a, b, c, d, _) -> MapCalls.update(site, a, b, c, d);
            case MAP_DELETE_ELEM -> (site, a, b, _, _, _) -> MapCalls.delete(site, a, b);
            case MAP_PUSH_ELEM -> (site, a, b, c, _, _) -> MapCalls.push(site, a, b, c);
            case MAP_POP_ELEM -> (site, a, b, _, _, _) -> MapCalls.pop(site, a, b);
            case MAP_PEEK_ELEM -> (site, a, b, _, _, _) -> MapCalls.peek(site, a, b);
            case MAP_LOOKUP_PERCPU_ELEM -> (site, a, b, c, _, _) -> MapCalls.lookupOn(site, a, b, c);
            case SPIN_LOCK -> (site, a, _, _, _, _) -> MapCalls.spinLock(site, a);
            case SPIN_UNLOCK -> (site, a, _, _, _, _) -> MapCalls.spinUnlock(site, a);
            case KTIME_GET_NS, KTIME_GET_BOOT_NS ->
                (site, _, _, _, _, _) -> site.world().monotonicNanos();
            case GET_PRANDOM_U32 -> (site, _, _, _, _, _) -> site.world().random() & 0xffff_ffffL;
            case GET_SMP_PROCESSOR_ID -> (site, _, _, _, _, _) -> site.slot();
            case GET_CURRENT_PID_TGID -> (site, _, _, _, _, _) -> site.world().pidTgid();
            case GET_CURRENT_UID_GID -> (site, _, _, _, _, _) -> site.world().uidGid();
            case KTIME_GET_COARSE_NS -> (site, _, _, _, _, _) -> site.world().monotonicNanos();
            case KTIME_GET_TAI_NS -> (site, _, _, _, _, _) -> site.world().atomicNanos();
            case JIFFIES64 -> (site, _, _, _, _, _) -> WorldCalls.ticks(site);
            case GET_NUMA_NODE_ID -> (_, _, _, _, _, _) -> 0;
            case GET_CURRENT_COMM -> (site, a, b, _, _, _) -> WorldCalls.comm(site, a, b);
            case GET_CURRENT_TASK -> (site, _, _, _, _, _) -> site.world().task();
            case GET_NS_CURRENT_PID_TGID -> (site, _, _, c, d, _) -> WorldCalls.pidInNamespace(site, c, d);
            case GET_CURRENT_CGROUP_ID -> (_, _, _, _, _, _) -> WorldCalls.cgroup();
            case GET_CURRENT_ANCESTOR_CGROUP_ID -> (_, a, _, _, _, _) -> WorldCalls.cgroupAbove(a);
            case GET_CGROUP_CLASSID, SKB_CGROUP_CLASSID, GET_ROUTE_REALM, GET_ATTACH_COOKIE -> (_, _, _, _, _, _) -> 0;
            case GET_STACKID -> (_, _, _, _, _, _) -> WorldCalls.noStack();
            case GET_STACK -> (site, _, b, c, _, _) -> WorldCalls.noStack(site, b, c);
            case TRACE_PRINTK -> (site, a, b, c, d, e) -> PrintCalls.print(site, a, b, new long[] {c, d, e});
            case TRACE_VPRINTK -> (site, a, b, c, d, _) -> PrintCalls.printAll(site, a, b, c, d);
            case SNPRINTF -> (site, a, b, c, d, e) -> PrintCalls.printTo(site, a, b, c, d, e);
            case SK_LOOKUP_TCP, SK_LOOKUP_UDP, SKC_LOOKUP_TCP -> (_, _, _, _, _, _) -> SocketCalls.find();
            case SK_RELEASE -> (_, _, _, _, _, _) -> 0;
            case SK_FULLSOCK -> (_, a, _, _, _, _) -> SocketCalls.full(a);
            case TCP_SOCK, GET_LISTENER_SOCK -> (_, _, _, _, _, _) -> SocketCalls.none();
            case GET_SOCKET_COOKIE -> (site, _, _, _, _, _) -> SocketCalls.cookie(site);
            case GET_SOCKET_UID -> (site, _, _, _, _, _) -> SocketCalls.owner(site);
            case GET_NETNS_COOKIE -> (_, _, _, _, _, _) -> 1;
            case SK_ASSIGN -> (site, _, b, c, _, _) -> SocketCalls.assign(site, b, c);
            case STRNCMP -> (site, a, b, c, _, _) -> StringCalls.compare(site, a, b, c);
            case STRTOL -> (site, a, b, c, d, _) -> StringCalls.toSigned(site, a, b, c, d);
            case STRTOUL -> (site, a, b, c, d, _) -> StringCalls.toUnsigned(site, a, b, c, d);
            case PROBE_READ -> (site, a, b, c, _, _) -> ProbeCalls.read(site, Space.of(c), a, b, c);
            case PROBE_READ_USER, COPY_FROM_USER -> (site, a, b, c, _, _) -> ProbeCalls.read(site, Space.USER, a, b, c);
            case PROBE_READ_KERNEL -> (site, a, b, c, _, _) -> ProbeCalls.read(site, Space.KERNEL, a, b, c);
            case PROBE_READ_STR -> (site, a, b, c, _, _) -> ProbeCalls.readString(site, Space.of(c), a, b, c);
            case PROBE_READ_USER_STR -> (site, a, b, c, _, _) -> ProbeCalls.readString(site, Space.USER, a, b, c);
            case PROBE_READ_KERNEL_STR -> (site, a, b, c, _, _) -> ProbeCalls.readString(site, Space.KERNEL, a, b, c);
            case SKB_LOAD_BYTES -> (site, _, b, c, d, _) -> PacketCalls.loadBytes(site, b, c, d);
            case SKB_STORE_BYTES -> (site, _, b, c, d, e) -> PacketCalls.storeBytes(site, b, c, d, e);
            case SKB_LOAD_BYTES_RELATIVE -> (site, _, b, c, d, e) -> PacketCalls.loadBytesRelative(site, b, c, d, e);
            case SKB_CHANGE_HEAD -> (site, _, b, c, _, _) -> BufferCalls.changeHead(site, b, c);
            case SKB_CHANGE_TAIL -> (site, _, b, c, _, _) -> BufferCalls.changeTail(site, b, c);
            case SKB_CHANGE_PROTO -> (site, _, b, c, _, _) -> BufferCalls.changeProtocol(site, b, c);
            case SKB_CHANGE_TYPE -> (site, _, b, _, _, _) -> BufferCalls.changeType(site, b);
            case SKB_ADJUST_ROOM -> (site, _, b, c, d, _) -> BufferCalls.adjustRoom(site, b, c, d);
            case SKB_SET_TSTAMP -> (site, _, b, c, _, _) -> BufferCalls.setTime(site, b, c);
            case SET_HASH -> (site, _, b, _, _, _) -> BufferCalls.setHash(site, b);
            case SET_HASH_INVALID -> (site, _, _, _, _, _) -> BufferCalls.clearHash(site);
            case GET_HASH_RECALC -> (site, _, _, _, _, _) -> BufferCalls.hash(site);
            case CSUM_LEVEL -> (site, _, b, _, _, _) -> BufferCalls.checksumLevel(site, b);
            case CSUM_UPDATE -> (_, _, _, _, _, _) -> -Errno.ENOTSUPP;
            case SKB_VLAN_PUSH -> (site, _, b, c, _, _) -> VlanCalls.push(site, b, c);
            case SKB_VLAN_POP -> (site, _, _, _, _, _) -> VlanCalls.pop(site);
            case SKB_ECN_SET_CE -> (site, _, _, _, _, _) -> CongestionCalls.mark(site);
            case XDP_GET_BUFF_LEN -> (site, _, _, _, _, _) -> FrameCalls.length(site);
            case XDP_LOAD_BYTES -> (site, _, b, c, d, _) -> FrameCalls.load(site, b, c, d);
            case XDP_STORE_BYTES -> (site, _, b, c, d, _) -> FrameCalls.store(site, b, c, d);
            case CHECK_MTU -> (site, _, b, c, d, e) -> DeviceCalls.check(site, b, c, d, e);
            case SKB_SET_TUNNEL_KEY -> (site, _, b, c, d, _) -> TunnelCalls.setKey(site, b, c, d);
            case SKB_SET_TUNNEL_OPT -> (site, _, b, c, _, _) -> TunnelCalls.setOptions(site, b, c);
            // No socket here listens.
            case TCP_CHECK_SYNCOOKIE, TCP_GEN_SYNCOOKIE -> (_, _, _, _, _, _) -> -Errno.EINVAL;
            case SKB_GET_TUNNEL_KEY -> (site, _, b, c, _, _) -> TunnelCalls.key(site, b, c);
            case SKB_GET_TUNNEL_OPT -> (site, _, b, c, _, _) -> TunnelCalls.options(site, b, c);
            case SKB_GET_XFRM_STATE -> (site, _, _, c, d, _) -> TunnelCalls.key(site, c, d);
            case SKC_TO_TCP6_SOCK,
                    SKC_TO_TCP_SOCK,
                    SKC_TO_TCP_TIMEWAIT_SOCK,
                    SKC_TO_TCP_REQUEST_SOCK,
                    SKC_TO_UDP6_SOCK,
                    SKC_TO_UNIX_SOCK,
                    SKC_TO_MPTCP_SOCK -> (_, _, _, _, _, _) -> 0;
            case SOCK_OPS_CB_FLAGS_SET -> (site, _, b, _, _, _) -> ConnectionCalls.callbacks(site, b);
            case SKB_CGROUP_ID, SK_CGROUP_ID -> (_, _, _, _, _, _) -> WorldCalls.cgroup();
            case SKB_ANCESTOR_CGROUP_ID, SK_ANCESTOR_CGROUP_ID -> (_, _, b, _, _, _) -> WorldCalls.cgroupAbove(b);
            case GET_RETVAL -> (site, _, _, _, _, _) -> site.workspace().input().returned();
            case SET_RETVAL -> (site, a, _, _, _, _) -> WorldCalls.returns(site, a);
            case GET_FUNC_IP -> (site, _, _, _, _, _) -> WorldCalls.function(site);
            case SKB_PULL_DATA -> (site, _, b, _, _, _) -> PacketCalls.pull(site, b);
            case REDIRECT -> (site, a, b, _, _, _) -> RedirectCalls.toInterface(site, a, b);
            case REDIRECT_PEER -> (site, a, b, _, _, _) -> RedirectCalls.toPeer(site, a, b);
            case REDIRECT_NEIGH -> (site, a, b, c, d, _) -> RedirectCalls.toNeighbour(site, a, b, c, d);
            case CLONE_REDIRECT -> (site, _, b, c, _, _) -> RedirectCalls.copyTo(site, b, c);
            case FIB_LOOKUP -> (site, _, b, c, d, _) -> RouteCalls.lookup(site, b, c, d);
            case REDIRECT_MAP -> (site, a, b, c, _, _) -> RedirectCalls.throughMap(site, a, b, c);
            case XDP_ADJUST_HEAD -> (site, _, b, _, _, _) -> PacketCalls.adjustHead(site, b);
            case XDP_ADJUST_META -> (site, _, b, _, _, _) -> PacketCalls.adjustMeta(site, b);
            case XDP_ADJUST_TAIL -> (site, _, b, _, _, _) -> PacketCalls.adjustTail(site, b);
            case CSUM_DIFF -> (site, a, b, c, d, e) -> ChecksumCalls.difference(site, a, b, c, d, e);
            case L3_CSUM_REPLACE -> (site, _, b, c, d, e) -> ChecksumCalls.replaceNetwork(site, b, c, d, e);
            case L4_CSUM_REPLACE -> (site, _, b, c, d, e) -> ChecksumCalls.replaceTransport(site, b, c, d, e);
            case RINGBUF_OUTPUT -> (site, a, b, c, d, _) -> RingCalls.output(site, a, b, c, d);
            case RINGBUF_RESERVE -> (site, a, b, c, _, _) -> RingCalls.reserve(site, a, b, c);
            case RINGBUF_SUBMIT -> (site, a, b, _, _, _) -> RingCalls.commit(site, a, b, false);
            case RINGBUF_DISCARD -> (site, a, b, _, _, _) -> RingCalls.commit(site, a, b, true);
            case RINGBUF_QUERY -> (site, a, b, _, _, _) -> RingCalls.query(site, a, b);
            case PERF_EVENT_OUTPUT -> (site, _, b, c, d, e) -> RingCalls.perfOutput(site, b, c, d, e);
            case PERF_EVENT_READ -> (site, a, b, _, _, _) -> RingCalls.perfRead(site, a, b);
            case PERF_EVENT_READ_VALUE -> (site, a, b, c, d, _) -> RingCalls.perfReadValue(site, a, b, c, d);
            case DYNPTR_FROM_MEM -> (site, a, b, c, d, _) -> DynptrCalls.fromMemory(site, a, b, c, d);
            case RINGBUF_RESERVE_DYNPTR -> (site, a, b, c, d, _) -> DynptrCalls.reserve(site, a, b, c, d);
            case RINGBUF_SUBMIT_DYNPTR -> (site, a, b, _, _, _) -> DynptrCalls.commit(site, a, b, false);
            case RINGBUF_DISCARD_DYNPTR -> (site, a, b, _, _, _) -> DynptrCalls.commit(site, a, b, true);
            case DYNPTR_READ -> DynptrCalls::read;
            case DYNPTR_WRITE -> DynptrCalls::write;
            case DYNPTR_DATA -> (site, a, b, c, _, _) -> DynptrCalls.data(site, a, b, c);
            default -> null; // The rows are all that Linux has.
        };
    }
}
