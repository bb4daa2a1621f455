package dev.turnout.stdlib.program;

import java.util.Optional;

/** The program types of Linux 7.2. */
public enum ProgramType {
    SOCKET_FILTER(
            1,
            "socket",
            ContextLayout.SK_BUFF,
            Verdicts.NONE,
            PacketAccess.COPY,
            Feed.NETWORK_HEADER,
            ContextRules.READ_ONLY
                    .without(
                            "tc_classid",
                            "data",
                            "data_end",
                            "data_meta",
                            "family",
                            "remote_ip4",
                            "local_ip4",
                            "remote_ip6",
                            "local_ip6",
                            "remote_port",
                            "local_port",
                            "flow_keys",
                            "tstamp",
                            "wire_len",
                            "tstamp_type",
                            "hwtstamp")
                    .writing("cb")),
    KPROBE(2, "kprobe", ContextLayout.PT_REGS, PacketAccess.NONE, ContextRules.READ_WRITE),
    SCHED_CLS(
            3,
            "tc",
            ContextLayout.SK_BUFF,
            Verdicts.TC_ACTION,
            PacketAccess.DIRECT_WRITE,
            Feed.ETHERNET,
            BufferRules.TRAFFIC_CONTROL),
    SCHED_ACT(
            4,
            "action",
            ContextLayout.SK_BUFF,
            Verdicts.TC_ACTION,
            PacketAccess.DIRECT_WRITE,
            Feed.ETHERNET,
            BufferRules.TRAFFIC_CONTROL),
    TRACEPOINT(5, "tracepoint", ContextLayout.TRACEPOINT, PacketAccess.NONE, ContextRules.READ_ONLY),
    XDP(
            6,
            "xdp",
            ContextLayout.XDP_MD,
            Verdicts.XDP_ACTION,
            PacketAccess.DIRECT_WRITE,
            Feed.ETHERNET,
            ContextRules.READ_ONLY.only("egress_ifindex", AttachType.XDP_DEVMAP)),
    PERF_EVENT(7, "perf_event", ContextLayout.PERF_EVENT, PacketAccess.NONE, ContextRules.READ_ONLY),
    CGROUP_SKB(
            8,
            "cgroup_skb",
            ContextLayout.SK_BUFF,
            Verdicts.NONE,
            PacketAccess.DIRECT_READ,
            Feed.NETWORK_HEADER,
            ContextRules.READ_ONLY
                    .without("tc_classid", "data_meta", "wire_len", "flow_keys", "tstamp_type")
                    .writing("mark", "priority", "cb", "tstamp")),
    CGROUP_SOCK(
            9,
            "cgroup_sock",
            ContextLayout.BPF_SOCK,
            PacketAccess.NONE,
            ContextRules.READ_ONLY
                    .writing("bound_dev_if", "mark", "priority")
                    .only("bound_dev_if", AttachType.CGROUP_INET_SOCK_CREATE, AttachType.CGROUP_INET_SOCK_RELEASE)
                    .only("mark", AttachType.CGROUP_INET_SOCK_CREATE, AttachType.CGROUP_INET_SOCK_RELEASE)
                    .only("priority", AttachType.CGROUP_INET_SOCK_CREATE, AttachType.CGROUP_INET_SOCK_RELEASE)
                    .only("src_ip4", AttachType.CGROUP_INET4_POST_BIND)
                    .only("src_ip6", AttachType.CGROUP_INET6_POST_BIND)
                    .only("src_port", AttachType.CGROUP_INET4_POST_BIND, AttachType.CGROUP_INET6_POST_BIND)),
    LWT_IN(10, "lwt_in", ContextLayout.SK_BUFF, PacketAccess.DIRECT_READ, BufferRules.TUNNEL),
    LWT_OUT(11, "lwt_out", ContextLayout.SK_BUFF, PacketAccess.DIRECT_READ, BufferRules.TUNNEL),
    LWT_XMIT(12, "lwt_xmit", ContextLayout.SK_BUFF, PacketAccess.DIRECT_WRITE, BufferRules.TUNNEL),
    SOCK_OPS(
            13,
            "sockops",
            ContextLayout.SOCK_OPS,
            PacketAccess.DIRECT_READ,
            ContextRules.READ_ONLY.writing("reply", "sk_txhash")),
    SK_SKB(
            14,
            "sk_skb",
            ContextLayout.SK_BUFF,
            Verdicts.NONE,
            PacketAccess.DIRECT_WRITE,
            Feed.BYTES,
            ContextRules.READ_ONLY
                    .without(
                            "tc_classid",
                            "data_meta",
                            "tstamp",
                            "wire_len",
                            "hwtstamp",
                            "mark",
                            "flow_keys",
                            "tstamp_type")
                    .writing("tc_index", "priority")),
    CGROUP_DEVICE(15, "cgroup_dev", ContextLayout.CGROUP_DEVICE, PacketAccess.NONE, ContextRules.READ_ONLY),
    SK_MSG(16, "sk_msg", ContextLayout.SK_MSG, PacketAccess.DIRECT_WRITE, ContextRules.READ_ONLY),
    RAW_TRACEPOINT(17, "raw_tp", ContextLayout.RAW_TRACEPOINT, PacketAccess.NONE, ContextRules.READ_ONLY),
    CGROUP_SOCK_ADDR(
            18,
            "cgroup_sock_addr",
            ContextLayout.SOCK_ADDR,
            PacketAccess.NONE,
            ContextRules.READ_ONLY
                    .writing("user_ip4", "user_ip6", "user_port", "msg_src_ip4", "msg_src_ip6")
                    .only(
                            "user_ip4",
                            AttachType.CGROUP_INET4_BIND,
                            AttachType.CGROUP_INET4_CONNECT,
                            AttachType.CGROUP_INET4_GETPEERNAME,
                            AttachType.CGROUP_INET4_GETSOCKNAME,
                            AttachType.CGROUP_UDP4_SENDMSG,
                            AttachType.CGROUP_UDP4_RECVMSG)
                    .only(
                            "user_ip6",
                            AttachType.CGROUP_INET6_BIND,
                            AttachType.CGROUP_INET6_CONNECT,
                            AttachType.CGROUP_INET6_GETPEERNAME,
                            AttachType.CGROUP_INET6_GETSOCKNAME,
                            AttachType.CGROUP_UDP6_SENDMSG,
                            AttachType.CGROUP_UDP6_RECVMSG)
                    .only("msg_src_ip4", AttachType.CGROUP_UDP4_SENDMSG)
                    .only("msg_src_ip6", AttachType.CGROUP_UDP6_SENDMSG)),
    LWT_SEG6LOCAL(19, "lwt_seg6local", ContextLayout.SK_BUFF, PacketAccess.DIRECT_READ, BufferRules.TUNNEL),
    LIRC_MODE2(20, "lirc_mode2", ContextLayout.LIRC, PacketAccess.NONE, ContextRules.READ_ONLY),
    SK_REUSEPORT(21, "sk_reuseport", ContextLayout.SK_REUSEPORT, PacketAccess.DIRECT_READ, ContextRules.READ_ONLY),
    FLOW_DISSECTOR(
            22,
            "flow_dissector",
            ContextLayout.DISSECTED_SK_BUFF,
            Verdicts.NONE,
            PacketAccess.DIRECT_READ,
            Feed.ETHERNET,
            ContextRules.READ_ONLY),
    CGROUP_SYSCTL(
            23, "cgroup_sysctl", ContextLayout.SYSCTL, PacketAccess.NONE, ContextRules.READ_ONLY.writing("file_pos")),
    RAW_TRACEPOINT_WRITABLE(
            24, "raw_tp.w", ContextLayout.WRITABLE_RAW_TRACEPOINT, PacketAccess.NONE, ContextRules.READ_ONLY),
    CGROUP_SOCKOPT(
            25,
            "cgroup_sockopt",
            ContextLayout.SOCKOPT,
            PacketAccess.DIRECT_WRITE,
            ContextRules.READ_ONLY
                    .writing("retval", "optname", "level", "optlen")
                    .only("retval", AttachType.CGROUP_GETSOCKOPT)
                    .writingOnly("optname", AttachType.CGROUP_SETSOCKOPT)
                    .writingOnly("level", AttachType.CGROUP_SETSOCKOPT)),
    TRACING(26, "tracing", ContextLayout.OPAQUE, PacketAccess.NONE, ContextRules.READ_ONLY),
    STRUCT_OPS(27, "struct_ops", ContextLayout.OPAQUE, PacketAccess.NONE, ContextRules.READ_ONLY),
    EXT(28, "freplace", ContextLayout.OPAQUE, PacketAccess.NONE, ContextRules.READ_ONLY),
    LSM(29, "lsm", ContextLayout.OPAQUE, PacketAccess.NONE, ContextRules.READ_ONLY),
    SK_LOOKUP(30, "sk_lookup", ContextLayout.SK_LOOKUP, PacketAccess.NONE, ContextRules.READ_ONLY),
    SYSCALL(31, "syscall", ContextLayout.SYSCALL, PacketAccess.NONE, ContextRules.READ_WRITE),
    NETFILTER(32, "netfilter", ContextLayout.NETFILTER, PacketAccess.NONE, ContextRules.READ_ONLY);

    /** Where a packet that is fed to a program begins, as in Linux's test run. */
    public enum Feed {
        /** Programs of this type are not fed packets. */
        NONE,
        ETHERNET,
        /** Behind the Ethernet header. */
        NETWORK_HEADER,
        /** It is no frame, but bytes that take its place: a message, a segment, the value of an option. There may be none. */
        BYTES
    }

    /** Rules that several types have in common. A class of its own: rows are made before constants here are. */
    private static final class BufferRules {
        /** Classifiers and actions of traffic control. */
        static final ContextRules TRAFFIC_CONTROL = ContextRules.READ_ONLY
                .without(
                        "family",
                        "remote_ip4",
                        "local_ip4",
                        "remote_ip6",
                        "local_ip6",
                        "remote_port",
                        "local_port",
                        "flow_keys")
                .writing("mark", "tc_index", "priority", "tc_classid", "cb", "tstamp", "queue_mapping");
        /** Lightweight tunnels. */
        static final ContextRules TUNNEL = ContextRules.READ_ONLY
                .without(
                        "tc_classid",
                        "data_meta",
                        "tstamp",
                        "wire_len",
                        "hwtstamp",
                        "family",
                        "remote_ip4",
                        "local_ip4",
                        "remote_ip6",
                        "local_ip6",
                        "remote_port",
                        "local_port",
                        "flow_keys",
                        "tstamp_type")
                .writing("mark", "priority", "cb");
    }

    private final int kernelId;
    private final String word;
    private final ContextLayout context;
    private final Verdicts verdicts;
    private final PacketAccess packetAccess;
    private final Feed feed;
    private final ContextRules rules;

    ProgramType(
            int kernelId,
            String word,
            ContextLayout context,
            Verdicts verdicts,
            PacketAccess packetAccess,
            Feed feed,
            ContextRules rules) {
        this.kernelId = kernelId;
        this.word = word;
        this.context = context;
        this.verdicts = verdicts;
        this.packetAccess = packetAccess;
        this.feed = feed;
        this.rules = rules;
    }

    ProgramType(int kernelId, String word, ContextLayout context, PacketAccess packetAccess, ContextRules rules) {
        this(kernelId, word, context, Verdicts.NONE, packetAccess, feed(context, packetAccess), rules);
    }

    /** Of types whose results have no names. */
    private static Feed feed(ContextLayout context, PacketAccess access) {
        return switch (access) {
            case NONE -> Feed.NONE;
            case COPY, DIRECT_READ, DIRECT_WRITE -> context == ContextLayout.SK_BUFF ? Feed.NETWORK_HEADER : Feed.BYTES;
        };
    }

    /** The number in the kernel's {@code enum bpf_prog_type}. */
    public int kernelId() {
        return kernelId;
    }

    /** The kind's name in a program header of the language: {@code prog xdp f(…)}. */
    public String word() {
        return word;
    }

    public ContextLayout context() {
        return context;
    }

    public Verdicts verdicts() {
        return verdicts;
    }

    public PacketAccess packetAccess() {
        return packetAccess;
    }

    public Feed feed() {
        return feed;
    }

    /** Whether a program of this type that is attached there may read the field. */
    public boolean mayRead(ContextField field, AttachType attach) {
        return rules.mayRead(field, attach);
    }

    /** Whether a program of this type that is attached there may write the field. */
    public boolean mayWrite(ContextField field, AttachType attach) {
        return rules.mayWrite(field, attach);
    }

    /** Whether the legacy loads from the packet, {@code LD_ABS} and {@code LD_IND}, may be used. */
    public boolean hasPacketLoads() {
        return this == SOCKET_FILTER || this == SCHED_CLS || this == SCHED_ACT;
    }

    /** Where a program of this type is attached if its loader does not say. */
    public AttachType attachedByDefault() {
        return switch (this) {
            case CGROUP_SOCK -> AttachType.CGROUP_INET_SOCK_CREATE;
            case SK_REUSEPORT -> AttachType.SK_REUSEPORT_SELECT;
            case SK_LOOKUP -> AttachType.SK_LOOKUP;
            case NETFILTER -> AttachType.NETFILTER;
            case SOCKET_FILTER, KPROBE, SCHED_CLS, SCHED_ACT, TRACEPOINT, XDP, PERF_EVENT, CGROUP_SKB ->
                AttachType.NONE;
            case LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SOCK_OPS, SK_SKB, CGROUP_DEVICE, SK_MSG -> AttachType.NONE;
            case RAW_TRACEPOINT, CGROUP_SOCK_ADDR, LIRC_MODE2, FLOW_DISSECTOR, CGROUP_SYSCTL -> AttachType.NONE;
            case RAW_TRACEPOINT_WRITABLE, CGROUP_SOCKOPT, TRACING, STRUCT_OPS, EXT, LSM, SYSCALL -> AttachType.NONE;
        };
    }

    /** What a program of this type that is attached there may give: {@code verifier.c}, {@code return_retval_range}. */
    public ResultRange results(AttachType attach) {
        return switch (this) {
            case CGROUP_SOCK_ADDR ->
                switch (attach) {
                    case CGROUP_UDP4_RECVMSG, CGROUP_UDP6_RECVMSG, CGROUP_UNIX_RECVMSG -> ResultRange.between(1, 1);
                    case CGROUP_INET4_GETPEERNAME, CGROUP_INET6_GETPEERNAME, CGROUP_UNIX_GETPEERNAME ->
                        ResultRange.between(1, 1);
                    case CGROUP_INET4_GETSOCKNAME, CGROUP_INET6_GETSOCKNAME, CGROUP_UNIX_GETSOCKNAME ->
                        ResultRange.between(1, 1);
                    case CGROUP_INET4_BIND, CGROUP_INET6_BIND -> ResultRange.between(0, 3);
                    default -> ResultRange.ZERO_OR_ONE;
                };
            case CGROUP_SKB ->
                attach == AttachType.CGROUP_INET_EGRESS ? ResultRange.between(0, 3) : ResultRange.ZERO_OR_ONE;
            case CGROUP_SOCK, SOCK_OPS, CGROUP_DEVICE, CGROUP_SYSCTL, CGROUP_SOCKOPT -> ResultRange.ZERO_OR_ONE;
            case SK_LOOKUP, NETFILTER -> ResultRange.ZERO_OR_ONE;
            case KPROBE ->
                attach == AttachType.TRACE_KPROBE_SESSION || attach == AttachType.TRACE_UPROBE_SESSION
                        ? ResultRange.ZERO_OR_ONE
                        : ResultRange.ANY;
            case TRACING ->
                switch (attach) {
                    case TRACE_FENTRY, TRACE_FEXIT, TRACE_FSESSION -> ResultRange.ZERO;
                    case TRACE_FENTRY_MULTI, TRACE_FEXIT_MULTI, TRACE_FSESSION_MULTI -> ResultRange.ZERO;
                    case TRACE_RAW_TP, MODIFY_RETURN -> ResultRange.ANY;
                    default -> ResultRange.ZERO_OR_ONE;
                };
            // Every hook lets a program give 0, and a cgroup's program 1: those of no result let it give nothing else.
            case LSM -> attach == AttachType.LSM_CGROUP ? new ResultRange(1, 1, true) : new ResultRange(0, 0, true);
            case STRUCT_OPS -> new ResultRange(0, 0, true);
            case SOCKET_FILTER, SCHED_CLS, SCHED_ACT, TRACEPOINT, XDP, PERF_EVENT, RAW_TRACEPOINT -> ResultRange.ANY;
            case LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SK_SKB, SK_MSG, LIRC_MODE2, SK_REUSEPORT -> ResultRange.ANY;
            case FLOW_DISSECTOR, RAW_TRACEPOINT_WRITABLE, EXT, SYSCALL -> ResultRange.ANY;
        };
    }

    /** The type of this name in the language. */
    public static Optional<ProgramType> ofWord(String word) {
        for (ProgramType type : values()) {
            if (type.word.equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type that an ELF section name says: {@link ProgramSection#of}. */
    public static Optional<ProgramType> ofSection(String section) {
        return ProgramSection.of(section).map(ProgramSection::type);
    }
}
