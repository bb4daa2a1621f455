package dev.turnout.stdlib.program;

import static dev.turnout.stdlib.program.ContextLayout.OPAQUE;
import static dev.turnout.stdlib.program.ContextLayout.SK_BUFF;
import static dev.turnout.stdlib.program.ContextLayout.XDP_MD;

import java.util.List;
import java.util.Optional;

/** The program types of Linux 7.2. Lists of fields name array fields by their stem: {@code cb} is all of {@code cb[0..4]}. */
public enum ProgramType {
    SOCKET_FILTER(
            1,
            "socket",
            SK_BUFF,
            Verdicts.NONE,
            PacketAccess.COPY,
            Feed.NETWORK_HEADER,
            List.of(
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
                    "hwtstamp"),
            List.of("cb"),
            "socket"),
    KPROBE(2, "kprobe", "kprobe", "kretprobe", "uprobe", "uretprobe", "ksyscall", "kretsyscall", "usdt"),
    SCHED_CLS(
            3,
            "tc",
            SK_BUFF,
            Verdicts.TC_ACTION,
            PacketAccess.DIRECT_WRITE,
            Feed.ETHERNET,
            TrafficControl.UNREADABLE,
            TrafficControl.WRITABLE,
            "tc",
            "tcx",
            "netkit",
            "classifier"),
    SCHED_ACT(
            4,
            "action",
            SK_BUFF,
            Verdicts.TC_ACTION,
            PacketAccess.DIRECT_WRITE,
            Feed.ETHERNET,
            TrafficControl.UNREADABLE,
            TrafficControl.WRITABLE,
            "action"),
    TRACEPOINT(5, "tracepoint", "tracepoint", "tp"),
    /** {@code egress_ifindex} exists only for programs that are attached to a devmap entry. */
    XDP(
            6,
            "xdp",
            XDP_MD,
            Verdicts.XDP_ACTION,
            PacketAccess.DIRECT_WRITE,
            Feed.ETHERNET,
            List.of("egress_ifindex"),
            List.of(),
            "xdp"),
    PERF_EVENT(7, "perf_event", "perf_event"),
    CGROUP_SKB(
            8,
            "cgroup_skb",
            SK_BUFF,
            Verdicts.NONE,
            PacketAccess.DIRECT_READ,
            Feed.NETWORK_HEADER,
            List.of("tc_classid", "data_meta", "wire_len", "flow_keys", "tstamp_type", "hwtstamp"),
            List.of("mark", "priority", "cb", "tstamp"),
            "cgroup_skb",
            "cgroup/skb"),
    CGROUP_SOCK(9, "cgroup_sock", "cgroup/sock", "cgroup/post_bind4", "cgroup/post_bind6"),
    LWT_IN(10, "lwt_in", "lwt_in"),
    LWT_OUT(11, "lwt_out", "lwt_out"),
    LWT_XMIT(12, "lwt_xmit", "lwt_xmit"),
    SOCK_OPS(13, "sockops", "sockops"),
    SK_SKB(14, "sk_skb", "sk_skb"),
    CGROUP_DEVICE(15, "cgroup_dev", "cgroup/dev"),
    SK_MSG(16, "sk_msg", "sk_msg"),
    RAW_TRACEPOINT(17, "raw_tp", "raw_tp", "raw_tracepoint"),
    CGROUP_SOCK_ADDR(
            18,
            "cgroup_sock_addr",
            "cgroup/bind",
            "cgroup/connect",
            "cgroup/sendmsg",
            "cgroup/recvmsg",
            "cgroup/getpeername",
            "cgroup/getsockname"),
    LWT_SEG6LOCAL(19, "lwt_seg6local", "lwt_seg6local"),
    LIRC_MODE2(20, "lirc_mode2", "lirc_mode2"),
    SK_REUSEPORT(21, "sk_reuseport", "sk_reuseport"),
    FLOW_DISSECTOR(22, "flow_dissector", "flow_dissector"),
    CGROUP_SYSCTL(23, "cgroup_sysctl", "cgroup/sysctl"),
    RAW_TRACEPOINT_WRITABLE(24, "raw_tp.w", "raw_tp.w", "raw_tracepoint.w"),
    CGROUP_SOCKOPT(25, "cgroup_sockopt", "cgroup/getsockopt", "cgroup/setsockopt"),
    TRACING(26, "tracing", "tp_btf", "fentry", "fexit", "fmod_ret", "fsession", "iter"),
    STRUCT_OPS(27, "struct_ops", "struct_ops"),
    EXT(28, "freplace", "freplace"),
    LSM(29, "lsm", "lsm", "lsm_cgroup"),
    SK_LOOKUP(30, "sk_lookup", "sk_lookup"),
    SYSCALL(31, "syscall", "syscall"),
    NETFILTER(32, "netfilter", "netfilter");

    /** Where a packet that is fed to a program begins, as in Linux's test run. */
    public enum Feed {
        /** Programs of this type are not fed packets. */
        NONE,
        ETHERNET,
        /** Behind the Ethernet header. */
        NETWORK_HEADER
    }

    /** What classifiers and actions of traffic control may do alike. A class of its own: rows are made before constants here are. */
    private static final class TrafficControl {
        static final List<String> UNREADABLE = List.of(
                "family",
                "remote_ip4",
                "local_ip4",
                "remote_ip6",
                "local_ip6",
                "remote_port",
                "local_port",
                "flow_keys");
        static final List<String> WRITABLE =
                List.of("mark", "tc_index", "priority", "tc_classid", "cb", "tstamp", "queue_mapping");
    }

    private final int kernelId;
    private final String word;
    private final ContextLayout context;
    private final Verdicts verdicts;
    private final PacketAccess packetAccess;
    private final Feed feed;
    private final List<String> unreadable;
    private final List<String> writable;
    private final List<String> sections;

    ProgramType(
            int kernelId,
            String word,
            ContextLayout context,
            Verdicts verdicts,
            PacketAccess packetAccess,
            Feed feed,
            List<String> unreadable,
            List<String> writable,
            String... sections) {
        this.kernelId = kernelId;
        this.word = word;
        this.context = context;
        this.verdicts = verdicts;
        this.packetAccess = packetAccess;
        this.feed = feed;
        this.unreadable = unreadable;
        this.writable = writable;
        this.sections = List.of(sections);
    }

    ProgramType(int kernelId, String word, String... sections) {
        this(kernelId, word, OPAQUE, Verdicts.NONE, PacketAccess.NONE, Feed.NONE, List.of(), List.of(), sections);
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

    /** Whether a program of this type may read the field. */
    public boolean mayRead(ContextField field) {
        return !unreadable.contains(stem(field.name()));
    }

    /** Whether a program of this type may write the field. */
    public boolean mayWrite(ContextField field) {
        return writable.contains(stem(field.name()));
    }

    /** Stems of the ELF section names that say this type. */
    public List<String> sections() {
        return sections;
    }

    private static String stem(String field) {
        int bracket = field.indexOf('[');
        return bracket < 0 ? field : field.substring(0, bracket);
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

    /**
     * The type that an ELF section name says, as libbpf 1.8 reads it: that of the longest stem which is the whole name, or
     * goes on with {@code /}, {@code .} (as in {@code xdp.frags}), or a digit or underscore of a numbered family. A leading
     * {@code ?} (not loaded by default) is passed over.
     */
    public static Optional<ProgramType> ofSection(String section) {
        String name = section.startsWith("?") ? section.substring(1) : section;
        Optional<ProgramType> best = Optional.empty();
        int length = -1;
        for (ProgramType type : values()) {
            for (String stem : type.sections) {
                if (stem.length() > length && name.startsWith(stem) && endsStem(name, stem.length())) {
                    best = Optional.of(type);
                    length = stem.length();
                }
            }
        }
        return best;
    }

    private static boolean endsStem(String name, int at) {
        return at == name.length() || "/.46_".indexOf(name.charAt(at)) >= 0;
    }
}
