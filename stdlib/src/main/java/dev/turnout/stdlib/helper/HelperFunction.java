package dev.turnout.stdlib.helper;

import static dev.turnout.stdlib.helper.ArgumentKind.ALLOCATION_SIZE;
import static dev.turnout.stdlib.helper.ArgumentKind.ANYTHING;
import static dev.turnout.stdlib.helper.ArgumentKind.ANY_SOCK_COMMON;
import static dev.turnout.stdlib.helper.ArgumentKind.ANY_SOCK_COMMON_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.BINPRM;
import static dev.turnout.stdlib.helper.ArgumentKind.CGROUP_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.CONST_STRING;
import static dev.turnout.stdlib.helper.ArgumentKind.CONTEXT;
import static dev.turnout.stdlib.helper.ArgumentKind.CONTEXT_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.DYNPTR;
import static dev.turnout.stdlib.helper.ArgumentKind.DYNPTR_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.FILE;
import static dev.turnout.stdlib.helper.ArgumentKind.FUNCTION;
import static dev.turnout.stdlib.helper.ArgumentKind.INODE;
import static dev.turnout.stdlib.helper.ArgumentKind.INODE_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.INT_IN_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.IPV4_HEADER;
import static dev.turnout.stdlib.helper.ArgumentKind.IPV6_HEADER;
import static dev.turnout.stdlib.helper.ArgumentKind.KPTR_FIELD;
import static dev.turnout.stdlib.helper.ArgumentKind.KPTR_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.LONG_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP_KEY;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP_VALUE;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP_VALUE_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP_VALUE_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY_IN_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY_IN_OUT_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.PATH;
import static dev.turnout.stdlib.helper.ArgumentKind.PER_CPU_OBJECT;
import static dev.turnout.stdlib.helper.ArgumentKind.RESERVED_MEMORY;
import static dev.turnout.stdlib.helper.ArgumentKind.RINGBUF_DYNPTR;
import static dev.turnout.stdlib.helper.ArgumentKind.RINGBUF_DYNPTR_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.SCALAR;
import static dev.turnout.stdlib.helper.ArgumentKind.SEQ_FILE;
import static dev.turnout.stdlib.helper.ArgumentKind.SIZE;
import static dev.turnout.stdlib.helper.ArgumentKind.SIZE_OR_ZERO;
import static dev.turnout.stdlib.helper.ArgumentKind.SK_BUFF;
import static dev.turnout.stdlib.helper.ArgumentKind.SOCKET_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.SOCK_COMMON;
import static dev.turnout.stdlib.helper.ArgumentKind.SOCK_RELEASED;
import static dev.turnout.stdlib.helper.ArgumentKind.STACK_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.TASK;
import static dev.turnout.stdlib.helper.ArgumentKind.TASK_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.TCP_HEADER;
import static dev.turnout.stdlib.helper.ArgumentKind.TIMER;
import static dev.turnout.stdlib.helper.ArgumentKind.UNCHECKED;
import static dev.turnout.stdlib.helper.ArgumentKind.XDP_BUFF;
import static dev.turnout.stdlib.helper.HelperRow.gives;
import static dev.turnout.stdlib.helper.HelperRow.nothing;
import static dev.turnout.stdlib.helper.HelperRow.number;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SKB;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SOCK;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SOCKOPT;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SOCK_ADDR;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SYSCTL;
import static dev.turnout.stdlib.program.ProgramType.FLOW_DISSECTOR;
import static dev.turnout.stdlib.program.ProgramType.KPROBE;
import static dev.turnout.stdlib.program.ProgramType.LIRC_MODE2;
import static dev.turnout.stdlib.program.ProgramType.LSM;
import static dev.turnout.stdlib.program.ProgramType.LWT_IN;
import static dev.turnout.stdlib.program.ProgramType.LWT_OUT;
import static dev.turnout.stdlib.program.ProgramType.LWT_SEG6LOCAL;
import static dev.turnout.stdlib.program.ProgramType.LWT_XMIT;
import static dev.turnout.stdlib.program.ProgramType.NETFILTER;
import static dev.turnout.stdlib.program.ProgramType.PERF_EVENT;
import static dev.turnout.stdlib.program.ProgramType.RAW_TRACEPOINT;
import static dev.turnout.stdlib.program.ProgramType.RAW_TRACEPOINT_WRITABLE;
import static dev.turnout.stdlib.program.ProgramType.SK_LOOKUP;
import static dev.turnout.stdlib.program.ProgramType.SK_MSG;
import static dev.turnout.stdlib.program.ProgramType.SK_REUSEPORT;
import static dev.turnout.stdlib.program.ProgramType.SK_SKB;
import static dev.turnout.stdlib.program.ProgramType.SOCKET_FILTER;
import static dev.turnout.stdlib.program.ProgramType.SOCK_OPS;
import static dev.turnout.stdlib.program.ProgramType.STRUCT_OPS;
import static dev.turnout.stdlib.program.ProgramType.SYSCALL;
import static dev.turnout.stdlib.program.ProgramType.TRACEPOINT;
import static dev.turnout.stdlib.program.ProgramType.TRACING;
import static dev.turnout.stdlib.program.ProgramType.XDP;

import dev.turnout.stdlib.helper.HelperRow.Prototype;
import dev.turnout.stdlib.helper.HelperRow.Trait;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Helper functions by their kernel number: all that Linux 7.2 has. Which of them a machine of this house can carry out is the
 * runtime's to say.
 */
public enum HelperFunction {
    MAP_LOOKUP_ELEM(
            1,
            gives(ResultKind.MAP_VALUE_OR_NULL, MAP, MAP_KEY)
                    .on(MapSets.LOOKED_UP)
                    .in(Callers.ALL)
                    .takesPacket()),
    MAP_UPDATE_ELEM(
            2,
            number(MAP, MAP_KEY, MAP_VALUE, ANYTHING)
                    .on(MapSets.CHANGED)
                    .in(Callers.ALL)
                    .takesPacket()),
    MAP_DELETE_ELEM(3, number(MAP, MAP_KEY).on(MapSets.CHANGED).in(Callers.ALL).takesPacket()),
    PROBE_READ(
            4,
            number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).in(Callers.EVENTS).gpl().showsAddresses()),
    KTIME_GET_NS(5, number().in(Callers.ALL)),
    TRACE_PRINTK(
            6,
            number(MEMORY, SIZE, UNCHECKED, UNCHECKED, UNCHECKED)
                    .in(Callers.ALL)
                    .gpl()
                    .showsAddresses()),
    GET_PRANDOM_U32(7, number().in(Callers.ALL)),
    GET_SMP_PROCESSOR_ID(8, number()),
    SKB_STORE_BYTES(
            9,
            number(CONTEXT, ANYTHING, MEMORY, SIZE, ANYTHING)
                    .in(Callers.SENDERS.and(SK_SKB))
                    .movesPacket()),
    L3_CSUM_REPLACE(
            10,
            number(CONTEXT, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
                    .in(Callers.SENDERS)
                    .movesPacket()),
    L4_CSUM_REPLACE(
            11,
            number(CONTEXT, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
                    .in(Callers.SENDERS)
                    .movesPacket()),
    TAIL_CALL(
            12,
            gives(ResultKind.TAIL, CONTEXT, MAP, ANYTHING)
                    .on(MapKind.PROG_ARRAY)
                    .in(Callers.ALL)),
    CLONE_REDIRECT(13, number(CONTEXT, ANYTHING, ANYTHING).in(Callers.SENDERS).movesPacket()),
    GET_CURRENT_PID_TGID(14, number()),
    GET_CURRENT_UID_GID(15, number()),
    GET_CURRENT_COMM(16, number(MEMORY_OUT, SIZE)),
    GET_CGROUP_CLASSID(17, number().but(Callers.TRAFFIC.and(Callers.LIGHT_TUNNELS), CONTEXT)),
    SKB_VLAN_PUSH(18, number(CONTEXT, ANYTHING, ANYTHING).in(Callers.TRAFFIC).movesPacket()),
    SKB_VLAN_POP(19, number(CONTEXT).in(Callers.TRAFFIC).movesPacket()),
    SKB_GET_TUNNEL_KEY(20, number(CONTEXT, MEMORY_OUT, SIZE, ANYTHING).in(Callers.SENDERS)),
    SKB_SET_TUNNEL_KEY(21, number(CONTEXT, MEMORY, SIZE, ANYTHING).in(Callers.SENDERS)),
    PERF_EVENT_READ(22, number(MAP, ANYTHING).on(MapKind.PERF_EVENT_ARRAY).gpl()),
    REDIRECT(23, number(ANYTHING, ANYTHING).in(Callers.SENDERS.and(XDP))),
    GET_ROUTE_REALM(24, number(CONTEXT).in(Callers.TRAFFIC.and(Callers.LIGHT_TUNNELS))),
    PERF_EVENT_OUTPUT(
            25,
            number(CONTEXT, MAP, ANYTHING, MEMORY, SIZE_OR_ZERO)
                    .on(MapKind.PERF_EVENT_ARRAY)
                    .in(Callers.MOST
                            .without(SK_REUSEPORT)
                            .without(FLOW_DISSECTOR)
                            .without(NETFILTER)
                            .without(STRUCT_OPS))
                    .gpl()),
    SKB_LOAD_BYTES(
            26,
            number(CONTEXT, ANYTHING, MEMORY_OUT, SIZE)
                    .in(Callers.TRAFFIC
                            .and(Callers.LIGHT_TUNNELS)
                            .and(SOCKET_FILTER, CGROUP_SKB, SK_SKB, SK_REUSEPORT, FLOW_DISSECTOR))),
    GET_STACKID(
            27,
            number(CONTEXT, MAP, ANYTHING)
                    .on(MapKind.STACK_TRACE)
                    .in(Callers.EVENTS)
                    .gpl()),
    CSUM_DIFF(
            28,
            number(MEMORY_OR_NULL, SIZE_OR_ZERO, MEMORY_OR_NULL, SIZE_OR_ZERO, ANYTHING)
                    .in(Callers.TRAFFIC.and(Callers.LIGHT_TUNNELS).and(XDP))
                    .takesPacket()),
    SKB_GET_TUNNEL_OPT(29, number(CONTEXT, MEMORY_OUT, SIZE).in(Callers.SENDERS)),
    SKB_SET_TUNNEL_OPT(30, number(CONTEXT, MEMORY, SIZE).in(Callers.SENDERS)),
    SKB_CHANGE_PROTO(31, number(CONTEXT, ANYTHING, ANYTHING).in(Callers.TRAFFIC).movesPacket()),
    SKB_CHANGE_TYPE(32, number(CONTEXT, ANYTHING).in(Callers.TRAFFIC)),
    SKB_UNDER_CGROUP(
            33, number(CONTEXT, MAP, ANYTHING).on(MapKind.CGROUP_ARRAY).in(Callers.TRAFFIC.and(Callers.LIGHT_TUNNELS))),
    GET_HASH_RECALC(34, number(CONTEXT).in(Callers.TRAFFIC.and(Callers.LIGHT_TUNNELS))),
    GET_CURRENT_TASK(35, number().gpl()),
    PROBE_WRITE_USER(36, number(ANYTHING, MEMORY, SIZE).in(Callers.EVENTS).gpl()),
    CURRENT_TASK_UNDER_CGROUP(37, number(MAP, ANYTHING).on(MapKind.CGROUP_ARRAY)),
    SKB_CHANGE_TAIL(
            38,
            number(CONTEXT, ANYTHING, ANYTHING).in(Callers.SENDERS.and(SK_SKB)).movesPacket()),
    SKB_PULL_DATA(
            39,
            number(CONTEXT, ANYTHING)
                    .in(Callers.TRAFFIC.and(LWT_IN, LWT_OUT, LWT_XMIT, SK_SKB))
                    .movesPacket()),
    CSUM_UPDATE(40, number(CONTEXT, ANYTHING).in(Callers.SENDERS)),
    SET_HASH_INVALID(41, number(CONTEXT).in(Callers.SENDERS)),
    GET_NUMA_NODE_ID(42, number()),
    SKB_CHANGE_HEAD(
            43,
            number(CONTEXT, ANYTHING, ANYTHING).in(Callers.SENDERS.and(SK_SKB)).movesPacket()),
    XDP_ADJUST_HEAD(44, number(CONTEXT, ANYTHING).in(XDP).movesPacket()),
    PROBE_READ_STR(
            45,
            number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).in(Callers.EVENTS).gpl().showsAddresses()),
    GET_SOCKET_COOKIE(
            46,
            number(CONTEXT)
                    .but(Callers.TYPED.and(SK_REUSEPORT), ANY_SOCK_COMMON_OR_NULL)
                    .in(Callers.TRAFFIC
                            .and(Callers.TYPED)
                            .and(
                                    SOCKET_FILTER,
                                    CGROUP_SKB,
                                    CGROUP_SOCK,
                                    CGROUP_SOCK_ADDR,
                                    SOCK_OPS,
                                    SK_SKB,
                                    SK_REUSEPORT))),
    GET_SOCKET_UID(47, number(CONTEXT).in(Callers.TRAFFIC.and(SOCKET_FILTER, CGROUP_SKB, SK_SKB))),
    SET_HASH(48, number(CONTEXT, ANYTHING).in(Callers.TRAFFIC)),
    SETSOCKOPT(
            49,
            number(CONTEXT, ANYTHING, ANYTHING, MEMORY, SIZE)
                    .but(
                            Callers.of(CGROUP_SOCKOPT, TRACING, LSM, STRUCT_OPS),
                            ANY_SOCK_COMMON,
                            ANYTHING,
                            ANYTHING,
                            MEMORY,
                            SIZE)
                    .in(Callers.OPTIONS)),
    SKB_ADJUST_ROOM(
            50,
            number(CONTEXT, ANYTHING, ANYTHING, ANYTHING)
                    .in(Callers.TRAFFIC.and(SK_SKB))
                    .movesPacket()),
    REDIRECT_MAP(51, number(MAP, ANYTHING, ANYTHING).on(MapSets.REDIRECTED).in(XDP)),
    SK_REDIRECT_MAP(
            52, number(CONTEXT, MAP, ANYTHING, ANYTHING).on(MapKind.SOCKMAP).in(SK_SKB)),
    SOCK_MAP_UPDATE(
            53,
            number(CONTEXT, MAP, MAP_KEY, ANYTHING)
                    .on(MapKind.SOCKMAP)
                    .in(SOCK_OPS)
                    .takesPacket()),
    XDP_ADJUST_META(54, number(CONTEXT, ANYTHING).in(XDP).movesPacket()),
    PERF_EVENT_READ_VALUE(
            55,
            number(MAP, ANYTHING, MEMORY_OUT, SIZE).on(MapKind.PERF_EVENT_ARRAY).gpl()),
    PERF_PROG_READ_VALUE(56, number(CONTEXT, MEMORY_OUT, SIZE).in(PERF_EVENT).gpl()),
    GETSOCKOPT(
            57,
            number(CONTEXT, ANYTHING, ANYTHING, MEMORY_OUT, SIZE)
                    .but(
                            Callers.of(CGROUP_SOCKOPT, TRACING, LSM, STRUCT_OPS),
                            ANY_SOCK_COMMON,
                            ANYTHING,
                            ANYTHING,
                            MEMORY_OUT,
                            SIZE)
                    .in(Callers.OPTIONS)),
    OVERRIDE_RETURN(58, number(CONTEXT, ANYTHING).in(KPROBE).gpl()),
    SOCK_OPS_CB_FLAGS_SET(59, number(CONTEXT, ANYTHING).in(SOCK_OPS)),
    MSG_REDIRECT_MAP(
            60, number(CONTEXT, MAP, ANYTHING, ANYTHING).on(MapKind.SOCKMAP).in(SK_MSG)),
    MSG_APPLY_BYTES(61, number(CONTEXT, ANYTHING).in(SK_MSG)),
    MSG_CORK_BYTES(62, number(CONTEXT, ANYTHING).in(SK_MSG)),
    MSG_PULL_DATA(63, number(CONTEXT, ANYTHING, ANYTHING, ANYTHING).in(SK_MSG).movesPacket()),
    BIND(
            64,
            number(CONTEXT, MEMORY, SIZE)
                    .in(Callers.of()
                            .at(CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_CONNECT, AttachType.CGROUP_INET6_CONNECT))),
    XDP_ADJUST_TAIL(65, number(CONTEXT, ANYTHING).in(XDP).movesPacket()),
    SKB_GET_XFRM_STATE(66, number(CONTEXT, ANYTHING, MEMORY_OUT, SIZE, ANYTHING).in(Callers.TRAFFIC)),
    GET_STACK(
            67,
            number(CONTEXT, MEMORY_OUT, SIZE_OR_ZERO, ANYTHING)
                    .in(Callers.EVENTS)
                    .sleepsWhereItMay()
                    .gpl()),
    SKB_LOAD_BYTES_RELATIVE(
            68,
            number(CONTEXT, ANYTHING, MEMORY_OUT, SIZE, ANYTHING)
                    .in(Callers.TRAFFIC.and(SOCKET_FILTER, CGROUP_SKB, SK_REUSEPORT))),
    FIB_LOOKUP(
            69,
            number(CONTEXT, MEMORY_IN_OUT, SIZE, ANYTHING)
                    .in(Callers.TRAFFIC.and(XDP))
                    .gpl()),
    SOCK_HASH_UPDATE(
            70,
            number(CONTEXT, MAP, MAP_KEY, ANYTHING)
                    .on(MapKind.SOCKHASH)
                    .in(SOCK_OPS)
                    .takesPacket()),
    MSG_REDIRECT_HASH(
            71, number(CONTEXT, MAP, MAP_KEY, ANYTHING).on(MapKind.SOCKHASH).in(SK_MSG)),
    SK_REDIRECT_HASH(
            72, number(CONTEXT, MAP, MAP_KEY, ANYTHING).on(MapKind.SOCKHASH).in(SK_SKB)),
    LWT_PUSH_ENCAP(
            73, number(CONTEXT, ANYTHING, MEMORY, SIZE).in(LWT_IN, LWT_XMIT).movesPacket()),
    LWT_SEG6_STORE_BYTES(
            74, number(CONTEXT, ANYTHING, MEMORY, SIZE).in(LWT_SEG6LOCAL).movesPacket()),
    LWT_SEG6_ADJUST_SRH(
            75, number(CONTEXT, ANYTHING, ANYTHING).in(LWT_SEG6LOCAL).movesPacket()),
    LWT_SEG6_ACTION(
            76, number(CONTEXT, ANYTHING, MEMORY, SIZE).in(LWT_SEG6LOCAL).movesPacket()),
    RC_REPEAT(77, number(CONTEXT).in(LIRC_MODE2).gpl()),
    RC_KEYDOWN(78, number(CONTEXT, ANYTHING, ANYTHING, ANYTHING).in(LIRC_MODE2).gpl()),
    SKB_CGROUP_ID(79, number(CONTEXT).in(Callers.TRAFFIC.and(CGROUP_SKB))),
    GET_CURRENT_CGROUP_ID(80, number()),
    GET_LOCAL_STORAGE(
            81,
            gives(ResultKind.MAP_VALUE, MAP, ANYTHING)
                    .on(MapKind.CGROUP_STORAGE, MapKind.PERCPU_CGROUP_STORAGE)
                    .in(Callers.CGROUPS)),
    SK_SELECT_REUSEPORT(
            82,
            number(CONTEXT, MAP, MAP_KEY, ANYTHING)
                    .on(MapKind.REUSEPORT_SOCKARRAY, MapKind.SOCKMAP, MapKind.SOCKHASH)
                    .in(SK_REUSEPORT)),
    SKB_ANCESTOR_CGROUP_ID(83, number(CONTEXT, ANYTHING).in(Callers.TRAFFIC.and(CGROUP_SKB))),
    SK_LOOKUP_TCP(
            84,
            gives(ResultKind.SOCKET_OR_NULL, CONTEXT, MEMORY, SIZE_OR_ZERO, ANYTHING, ANYTHING)
                    .in(Callers.LOOKUPS)
                    .takesPacket()
                    .acquires()),
    SK_LOOKUP_UDP(
            85,
            gives(ResultKind.SOCKET_OR_NULL, CONTEXT, MEMORY, SIZE_OR_ZERO, ANYTHING, ANYTHING)
                    .in(Callers.LOOKUPS)
                    .takesPacket()
                    .acquires()),
    SK_RELEASE(86, number(SOCK_RELEASED).in(Callers.LOOKUPS.and(SK_LOOKUP))),
    MAP_PUSH_ELEM(
            87,
            number(MAP, MAP_VALUE, ANYTHING)
                    .on(MapKind.QUEUE, MapKind.STACK, MapKind.BLOOM_FILTER)
                    .in(Callers.ALL)
                    .takesPacket()),
    MAP_POP_ELEM(88, number(MAP, MAP_VALUE_OUT).on(MapKind.QUEUE, MapKind.STACK).in(Callers.ALL)),
    MAP_PEEK_ELEM(
            89,
            number(MAP, MAP_VALUE_OUT)
                    .on(MapKind.QUEUE, MapKind.STACK, MapKind.BLOOM_FILTER)
                    .in(Callers.ALL)),
    MSG_PUSH_DATA(90, number(CONTEXT, ANYTHING, ANYTHING, ANYTHING).in(SK_MSG).movesPacket()),
    MSG_POP_DATA(91, number(CONTEXT, ANYTHING, ANYTHING, ANYTHING).in(SK_MSG).movesPacket()),
    RC_POINTER_REL(92, number(CONTEXT, ANYTHING, ANYTHING).in(LIRC_MODE2).gpl()),
    SPIN_LOCK(93, nothing(ArgumentKind.SPIN_LOCK)),
    SPIN_UNLOCK(94, nothing(ArgumentKind.SPIN_LOCK)),
    SK_FULLSOCK(
            95,
            gives(ResultKind.SOCKET_OR_NULL, SOCK_COMMON)
                    .in(Callers.TRAFFIC.and(CGROUP_SKB))
                    .casts()),
    TCP_SOCK(
            96,
            gives(ResultKind.TCP_SOCK_OR_NULL, SOCK_COMMON)
                    .in(Callers.TRAFFIC.and(CGROUP_SKB, CGROUP_SOCKOPT, SOCK_OPS))
                    .casts()),
    SKB_ECN_SET_CE(97, number(CONTEXT).in(Callers.TRAFFIC.and(CGROUP_SKB))),
    GET_LISTENER_SOCK(98, gives(ResultKind.SOCKET_OR_NULL, SOCK_COMMON).in(Callers.TRAFFIC.and(CGROUP_SKB))),
    SKC_LOOKUP_TCP(
            99,
            gives(ResultKind.SOCK_COMMON_OR_NULL, CONTEXT, MEMORY, SIZE_OR_ZERO, ANYTHING, ANYTHING)
                    .in(Callers.LOOKUPS)
                    .takesPacket()
                    .acquires()),
    TCP_CHECK_SYNCOOKIE(
            100,
            number(ANY_SOCK_COMMON, MEMORY, SIZE, MEMORY, SIZE)
                    .in(Callers.TRAFFIC.and(XDP))
                    .takesPacket()
                    .gpl()),
    SYSCTL_GET_NAME(101, number(CONTEXT, MEMORY_IN_OUT, SIZE, ANYTHING).in(CGROUP_SYSCTL)),
    SYSCTL_GET_CURRENT_VALUE(102, number(CONTEXT, MEMORY_OUT, SIZE).in(CGROUP_SYSCTL)),
    SYSCTL_GET_NEW_VALUE(103, number(CONTEXT, MEMORY_OUT, SIZE).in(CGROUP_SYSCTL)),
    SYSCTL_SET_NEW_VALUE(104, number(CONTEXT, MEMORY, SIZE).in(CGROUP_SYSCTL)),
    STRTOL(105, number(MEMORY, SIZE, ANYTHING, LONG_OUT)),
    STRTOUL(106, number(MEMORY, SIZE, ANYTHING, LONG_OUT)),
    SK_STORAGE_GET(
            107,
            gives(ResultKind.MAP_VALUE_OR_NULL, MAP, ANY_SOCK_COMMON, MAP_VALUE_OR_NULL, ANYTHING)
                    .but(Callers.of(CGROUP_SOCK), MAP, CONTEXT, MAP_VALUE_OR_NULL, ANYTHING)
                    .but(Callers.TYPED, MAP, ANY_SOCK_COMMON_OR_NULL, MAP_VALUE_OR_NULL, ANYTHING)
                    .on(MapKind.SK_STORAGE)
                    .in(Callers.STORAGES.and(CGROUP_SOCK))),
    SK_STORAGE_DELETE(
            108,
            number(MAP, ANY_SOCK_COMMON)
                    .but(Callers.TYPED, MAP, ANY_SOCK_COMMON_OR_NULL)
                    .on(MapKind.SK_STORAGE)
                    .in(Callers.STORAGES)),
    SEND_SIGNAL(109, number(ANYTHING)),
    TCP_GEN_SYNCOOKIE(
            110,
            number(ANY_SOCK_COMMON, MEMORY, SIZE, MEMORY, SIZE)
                    .in(Callers.TRAFFIC.and(XDP))
                    .takesPacket()
                    .gpl()),
    SKB_OUTPUT(
            111,
            number(SK_BUFF, MAP, ANYTHING, MEMORY, SIZE_OR_ZERO)
                    .on(MapKind.PERF_EVENT_ARRAY)
                    .in(Callers.TYPED)
                    .gpl()),
    PROBE_READ_USER(112, number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).gpl().showsAddresses()),
    PROBE_READ_KERNEL(113, number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).gpl().showsAddresses()),
    PROBE_READ_USER_STR(114, number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).gpl().showsAddresses()),
    PROBE_READ_KERNEL_STR(115, number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).gpl().showsAddresses()),
    TCP_SEND_ACK(116, number(ArgumentKind.TCP_SOCK, ANYTHING).in(STRUCT_OPS)),
    SEND_SIGNAL_THREAD(117, number(ANYTHING)),
    JIFFIES64(118, number()),
    READ_BRANCH_RECORDS(
            119,
            number(CONTEXT, MEMORY_IN_OUT_OR_NULL, SIZE_OR_ZERO, ANYTHING)
                    .in(PERF_EVENT)
                    .gpl()),
    GET_NS_CURRENT_PID_TGID(120, number(ANYTHING, ANYTHING, MEMORY_OUT, SIZE)),
    XDP_OUTPUT(
            121,
            number(XDP_BUFF, MAP, ANYTHING, MEMORY, SIZE_OR_ZERO)
                    .on(MapKind.PERF_EVENT_ARRAY)
                    .in(Callers.TYPED)
                    .gpl()),
    GET_NETNS_COOKIE(
            122,
            number(CONTEXT_OR_NULL)
                    .in(Callers.TRAFFIC.and(
                            SOCKET_FILTER,
                            CGROUP_SKB,
                            CGROUP_SOCK,
                            CGROUP_SOCK_ADDR,
                            CGROUP_SOCKOPT,
                            SOCK_OPS,
                            SK_MSG))),
    GET_CURRENT_ANCESTOR_CGROUP_ID(123, number(ANYTHING)),
    SK_ASSIGN(
            124,
            number(CONTEXT, ANY_SOCK_COMMON, ANYTHING)
                    .but(Callers.of(SK_LOOKUP), CONTEXT, SOCKET_OR_NULL, ANYTHING)
                    .in(Callers.TRAFFIC.and(SK_LOOKUP))),
    KTIME_GET_BOOT_NS(125, number().in(Callers.ALL)),
    SEQ_PRINTF(
            126,
            number(SEQ_FILE, MEMORY, SIZE, MEMORY_OR_NULL, SIZE_OR_ZERO)
                    .in(Callers.ITERATORS)
                    .gpl()),
    SEQ_WRITE(127, number(SEQ_FILE, MEMORY, SIZE_OR_ZERO).in(Callers.ITERATORS).gpl()),
    SK_CGROUP_ID(128, number(ANY_SOCK_COMMON).in(CGROUP_SKB)),
    SK_ANCESTOR_CGROUP_ID(129, number(ANY_SOCK_COMMON, ANYTHING).in(CGROUP_SKB)),
    RINGBUF_OUTPUT(130, number(MAP, MEMORY, SIZE_OR_ZERO, ANYTHING).on(MapKind.RINGBUF)),
    RINGBUF_RESERVE(
            131,
            gives(ResultKind.RESERVED_MEMORY_OR_NULL, MAP, ALLOCATION_SIZE, ANYTHING)
                    .on(MapKind.RINGBUF)
                    .acquires()),
    RINGBUF_SUBMIT(132, nothing(RESERVED_MEMORY, ANYTHING)),
    RINGBUF_DISCARD(133, nothing(RESERVED_MEMORY, ANYTHING)),
    RINGBUF_QUERY(134, number(MAP, ANYTHING).on(MapKind.RINGBUF)),
    CSUM_LEVEL(135, number(CONTEXT, ANYTHING).in(Callers.SENDERS)),
    SKC_TO_TCP6_SOCK(
            136,
            gives(ResultKind.TCP6_SOCK_OR_NULL, ANY_SOCK_COMMON)
                    .in(Callers.NETWORK.and(Callers.TYPED))
                    .casts()),
    SKC_TO_TCP_SOCK(
            137,
            gives(ResultKind.KERNEL_TCP_SOCK_OR_NULL, ANY_SOCK_COMMON)
                    .in(Callers.NETWORK.and(Callers.TYPED))
                    .casts()),
    SKC_TO_TCP_TIMEWAIT_SOCK(
            138,
            gives(ResultKind.TCP_TIMEWAIT_SOCK_OR_NULL, ANY_SOCK_COMMON)
                    .in(Callers.NETWORK.and(Callers.TYPED))
                    .casts()),
    SKC_TO_TCP_REQUEST_SOCK(
            139,
            gives(ResultKind.TCP_REQUEST_SOCK_OR_NULL, ANY_SOCK_COMMON)
                    .in(Callers.NETWORK.and(Callers.TYPED))
                    .casts()),
    SKC_TO_UDP6_SOCK(
            140,
            gives(ResultKind.UDP6_SOCK_OR_NULL, ANY_SOCK_COMMON)
                    .in(Callers.NETWORK.and(Callers.TYPED))
                    .casts()),
    GET_TASK_STACK(141, number(TASK, MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).sleepsWhereItMay()),
    LOAD_HDR_OPT(142, number(CONTEXT, MEMORY_IN_OUT, SIZE, ANYTHING).in(SOCK_OPS)),
    STORE_HDR_OPT(143, number(CONTEXT, MEMORY, SIZE, ANYTHING).in(SOCK_OPS).movesPacket()),
    RESERVE_HDR_OPT(144, number(CONTEXT, ANYTHING, ANYTHING).in(SOCK_OPS)),
    INODE_STORAGE_GET(
            145,
            gives(ResultKind.MAP_VALUE_OR_NULL, MAP, INODE_OR_NULL, MAP_VALUE_OR_NULL, ANYTHING)
                    .on(MapKind.INODE_STORAGE)
                    .in(LSM)),
    INODE_STORAGE_DELETE(
            146, number(MAP, INODE_OR_NULL).on(MapKind.INODE_STORAGE).in(LSM)),
    D_PATH(147, number(PATH, MEMORY_IN_OUT, SIZE_OR_ZERO).in(Callers.TYPED)),
    COPY_FROM_USER(148, number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING).sleeps().showsAddresses()),
    SNPRINTF_BTF(149, number(MEMORY_IN_OUT, SIZE, MEMORY, SIZE, ANYTHING)),
    SEQ_PRINTF_BTF(
            150,
            number(SEQ_FILE, MEMORY, SIZE_OR_ZERO, ANYTHING)
                    .in(Callers.ITERATORS)
                    .gpl()),
    SKB_CGROUP_CLASSID(151, number(CONTEXT).in(Callers.TRAFFIC)),
    REDIRECT_NEIGH(152, number(ANYTHING, MEMORY_OR_NULL, SIZE_OR_ZERO, ANYTHING).in(Callers.TRAFFIC)),
    PER_CPU_PTR(153, gives(ResultKind.PER_CPU_OBJECT_OR_NULL, PER_CPU_OBJECT, ANYTHING)),
    THIS_CPU_PTR(154, gives(ResultKind.PER_CPU_OBJECT, PER_CPU_OBJECT)),
    REDIRECT_PEER(155, number(ANYTHING, ANYTHING).in(Callers.TRAFFIC)),
    TASK_STORAGE_GET(
            156,
            gives(ResultKind.MAP_VALUE_OR_NULL, MAP, TASK_OR_NULL, MAP_VALUE_OR_NULL, ANYTHING)
                    .on(MapKind.TASK_STORAGE)),
    TASK_STORAGE_DELETE(157, number(MAP, TASK_OR_NULL).on(MapKind.TASK_STORAGE)),
    GET_CURRENT_TASK_BTF(158, gives(ResultKind.TASK).gpl()),
    BPRM_OPTS_SET(159, number(BINPRM, ANYTHING).in(LSM)),
    KTIME_GET_COARSE_NS(160, number().in(Callers.NETWORK.and(CGROUP_SOCK, CGROUP_SYSCTL, SK_REUSEPORT, STRUCT_OPS))),
    IMA_INODE_HASH(161, number(INODE, MEMORY_OUT, SIZE).in(LSM).sleeps()),
    SOCK_FROM_FILE(162, gives(ResultKind.FILE_SOCKET_OR_NULL, FILE).in(Callers.TYPED)),
    CHECK_MTU(
            163,
            number(CONTEXT, ANYTHING, INT_IN_OUT, ANYTHING, ANYTHING)
                    .in(Callers.TRAFFIC.and(XDP))
                    .gpl()),
    FOR_EACH_MAP_ELEM(164, number(MAP, FUNCTION, STACK_OR_NULL, ANYTHING).on(MapSets.WALKED)),
    SNPRINTF(
            165,
            number(MEMORY_IN_OUT_OR_NULL, SIZE_OR_ZERO, CONST_STRING, MEMORY_OR_NULL, SIZE_OR_ZERO)
                    .gpl()),
    SYS_BPF(166, number(ANYTHING, MEMORY, SIZE).in(SYSCALL).sleeps()),
    BTF_FIND_BY_NAME_KIND(
            167, number(MEMORY, SIZE, ANYTHING, ANYTHING).in(SYSCALL).sleeps()),
    SYS_CLOSE(168, number(ANYTHING).in(SYSCALL).sleeps()),
    TIMER_INIT(169, number(TIMER, MAP, ANYTHING).on(MapSets.PLAIN).gpl()),
    TIMER_SET_CALLBACK(170, number(TIMER, FUNCTION).gpl()),
    TIMER_START(171, number(TIMER, ANYTHING, ANYTHING).gpl()),
    TIMER_CANCEL(172, number(TIMER).gpl()),
    GET_FUNC_IP(173, number(CONTEXT).in(Callers.EVENTS).gpl()),
    GET_ATTACH_COOKIE(
            174,
            number(CONTEXT)
                    .in(Callers.FUNCTION_ENTRIES.and(
                            KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE))),
    TASK_PT_REGS(175, gives(ResultKind.PT_REGS, TASK).gpl()),
    GET_BRANCH_SNAPSHOT(176, number(MEMORY_OUT, SIZE_OR_ZERO).gpl()),
    TRACE_VPRINTK(177, number(MEMORY, SIZE, MEMORY_OR_NULL, SIZE_OR_ZERO).gpl().showsAddresses()),
    SKC_TO_UNIX_SOCK(178, gives(ResultKind.UNIX_SOCK_OR_NULL, ANY_SOCK_COMMON).in(Callers.NETWORK.and(Callers.TYPED))),
    KALLSYMS_LOOKUP_NAME(179, number(MEMORY, SIZE_OR_ZERO, ANYTHING, LONG_OUT).in(SYSCALL)),
    FIND_VMA(180, number(TASK, ANYTHING, FUNCTION, STACK_OR_NULL, ANYTHING)),
    LOOP(181, number(SCALAR, FUNCTION, STACK_OR_NULL, ANYTHING)),
    STRNCMP(182, number(MEMORY, SIZE, CONST_STRING)),
    GET_FUNC_ARG(183, number(CONTEXT, ANYTHING, LONG_OUT).in(Callers.FUNCTION_ENTRIES)),
    GET_FUNC_RET(184, number(CONTEXT, LONG_OUT).in(Callers.FUNCTIONS)),
    GET_FUNC_ARG_CNT(185, number(CONTEXT).in(Callers.FUNCTION_ENTRIES)),
    GET_RETVAL(186, number().in(Callers.CGROUP_ERRORS)),
    SET_RETVAL(187, number(ANYTHING).in(Callers.CGROUP_ERRORS)),
    XDP_GET_BUFF_LEN(188, number(CONTEXT).but(Callers.TYPED, XDP_BUFF).in(Callers.TYPED.and(XDP))),
    XDP_LOAD_BYTES(189, number(CONTEXT, ANYTHING, MEMORY_OUT, SIZE).in(XDP)),
    XDP_STORE_BYTES(190, number(CONTEXT, ANYTHING, MEMORY, SIZE).in(XDP)),
    COPY_FROM_USER_TASK(
            191,
            number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING, TASK, ANYTHING).sleeps().gpl()),
    SKB_SET_TSTAMP(192, number(CONTEXT, ANYTHING, ANYTHING).in(Callers.TRAFFIC)),
    IMA_FILE_HASH(193, number(FILE, MEMORY_OUT, SIZE).in(LSM).sleeps()),
    KPTR_XCHG(194, gives(ResultKind.KPTR_OR_NULL, KPTR_FIELD, KPTR_OR_NULL).acquires()),
    MAP_LOOKUP_PERCPU_ELEM(
            195,
            gives(ResultKind.MAP_VALUE_OR_NULL, MAP, MAP_KEY, ANYTHING)
                    .on(MapKind.PERCPU_ARRAY, MapKind.PERCPU_HASH, MapKind.LRU_PERCPU_HASH)
                    .takesPacket()),
    SKC_TO_MPTCP_SOCK(
            196,
            gives(ResultKind.MPTCP_SOCK_OR_NULL, SOCK_COMMON)
                    .in(Callers.NETWORK.and(Callers.TYPED))
                    .casts()),
    DYNPTR_FROM_MEM(197, number(MEMORY_OUT, SIZE_OR_ZERO, ANYTHING, DYNPTR_OUT)),
    RINGBUF_RESERVE_DYNPTR(
            198, number(MAP, ANYTHING, ANYTHING, RINGBUF_DYNPTR_OUT).on(MapKind.RINGBUF)),
    RINGBUF_SUBMIT_DYNPTR(199, nothing(RINGBUF_DYNPTR, ANYTHING)),
    RINGBUF_DISCARD_DYNPTR(200, nothing(RINGBUF_DYNPTR, ANYTHING)),
    DYNPTR_READ(201, number(MEMORY_OUT, SIZE_OR_ZERO, DYNPTR, ANYTHING, ANYTHING)),
    DYNPTR_WRITE(202, number(DYNPTR, ANYTHING, MEMORY, SIZE_OR_ZERO, ANYTHING)),
    DYNPTR_DATA(203, gives(ResultKind.DYNPTR_MEMORY_OR_NULL, DYNPTR, ANYTHING, ALLOCATION_SIZE)),
    TCP_RAW_GEN_SYNCOOKIE_IPV4(
            204,
            number(IPV4_HEADER, MEMORY, SIZE_OR_ZERO)
                    .in(Callers.TRAFFIC.and(XDP))
                    .takesPacket()
                    .gpl()),
    TCP_RAW_GEN_SYNCOOKIE_IPV6(
            205,
            number(IPV6_HEADER, MEMORY, SIZE_OR_ZERO)
                    .in(Callers.TRAFFIC.and(XDP))
                    .takesPacket()
                    .gpl()),
    TCP_RAW_CHECK_SYNCOOKIE_IPV4(
            206,
            number(IPV4_HEADER, TCP_HEADER)
                    .in(Callers.TRAFFIC.and(XDP))
                    .takesPacket()
                    .gpl()),
    TCP_RAW_CHECK_SYNCOOKIE_IPV6(
            207,
            number(IPV6_HEADER, TCP_HEADER)
                    .in(Callers.TRAFFIC.and(XDP))
                    .takesPacket()
                    .gpl()),
    KTIME_GET_TAI_NS(208, number()),
    USER_RINGBUF_DRAIN(209, number(MAP, FUNCTION, STACK_OR_NULL, ANYTHING).on(MapKind.USER_RINGBUF)),
    CGRP_STORAGE_GET(
            210,
            gives(ResultKind.MAP_VALUE_OR_NULL, MAP, CGROUP_OR_NULL, MAP_VALUE_OR_NULL, ANYTHING)
                    .on(MapKind.CGRP_STORAGE)),
    CGRP_STORAGE_DELETE(211, number(MAP, CGROUP_OR_NULL).on(MapKind.CGRP_STORAGE));

    private static final HelperFunction[] BY_ID = new HelperFunction[values().length + 1];
    private static final Map<String, HelperFunction> BY_WORD = new HashMap<>();

    static {
        for (HelperFunction helper : values()) {
            BY_ID[helper.id] = helper;
            BY_WORD.put(helper.word, helper);
        }
    }

    private final int id;
    private final HelperRow row;
    private final String word = name().toLowerCase(Locale.ROOT);

    HelperFunction(int id, HelperRow row) {
        this.id = id;
        this.row = row;
    }

    /** The number in a call instruction. */
    public int id() {
        return id;
    }

    /** The name without {@code bpf_}, as the IR and the language write it. */
    public String word() {
        return word;
    }

    public ResultKind result() {
        return row.result();
    }

    /** One kind an argument, r1 first: in programs of most types. */
    public List<ArgumentKind> arguments() {
        return row.arguments();
    }

    /** The same in programs of this type; Linux gives one number to several functions. */
    public List<ArgumentKind> arguments(Optional<ProgramType> type) {
        for (Prototype other : row.others()) {
            if (type.filter(other.types()::contains).isPresent()) {
                return other.arguments();
            }
        }
        return row.arguments();
    }

    /** How many arguments it has where it has most. */
    public int mostArguments() {
        int most = row.arguments().size();
        for (Prototype other : row.others()) {
            most = Math.max(most, other.arguments().size());
        }
        return most;
    }

    /** Which programs may call it. */
    public Callers callers() {
        return row.callers();
    }

    /** Whether programs of this type may call it, at least somewhere. */
    public boolean allowedIn(ProgramType type) {
        return row.callers().contains(type, AttachType.NONE);
    }

    /** Kinds of map that its map argument may be; none if it has no map argument. */
    public Set<MapKind> maps() {
        return Collections.unmodifiableSet(row.maps());
    }

    /** Whether only programs with a GPL-compatible licence may call it. */
    public boolean gplOnly() {
        return row.traits().contains(Trait.GPL);
    }

    /** Whether a call may move the packet, which ends every packet pointer and every proven length. */
    public boolean movesPacket() {
        return row.traits().contains(Trait.MOVES_PACKET);
    }

    /** Whether memory that it reads may be the packet's. */
    public boolean takesPacket() {
        return row.traits().contains(Trait.TAKES_PACKET);
    }

    /**
     * Whether a call leaves frame, packet and context as they are and keeps no address that it is given: all that it does with memory
     * that its arguments point to is to read it. It may change maps, and it may not be asked to run other code.
     */
    public boolean quiet() {
        // The command of SYS_BPF may hold addresses that are written to.
        return this != SYS_BPF
                && !movesPacket()
                && row.others().isEmpty()
                && row.arguments().stream().allMatch(ArgumentKind::onlyRead);
    }

    /**
     * Whether a call may sleep, so that only a program that may sleep calls it, outside of regions where it may not.
     *
     * @param sleepable whether the program may sleep: some helpers do so only then
     */
    public boolean sleeps(boolean sleepable) {
        return row.traits().contains(Trait.SLEEPS) || (sleepable && row.traits().contains(Trait.SLEEPS_WHERE_IT_MAY));
    }

    /** Whether its result, if not null, is to be given back. A lookup in a map of sockets is so too. */
    public boolean acquires() {
        return row.traits().contains(Trait.ACQUIRES);
    }

    /** Whether its result is its first argument in another form: given back together with that. */
    public boolean casts() {
        return row.traits().contains(Trait.CASTS);
    }

    /** Whether its result is an object of the kernel, whose fields the kernel's types say. */
    public boolean knowsKernelTypes() {
        return result().kernelType().isPresent();
    }

    /**
     * Whether its numbers may be pointers, also those that it reads from memory: printing takes the address of a text for
     * {@code %s}, and a read at any address takes any. Linux allows that to loaders with CAP_PERFMON, as all who may print have it.
     */
    public boolean showsAddresses() {
        return row.traits().contains(Trait.SHOWS_ADDRESSES);
    }

    public static Optional<HelperFunction> ofId(int id) {
        return id > 0 && id < BY_ID.length ? Optional.of(BY_ID[id]) : Optional.empty();
    }

    public static Optional<HelperFunction> ofWord(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }
}
