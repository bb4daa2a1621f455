package dev.turnout.stdlib.program;

import static dev.turnout.stdlib.program.ProgramSection.Trait.FRAGMENTS;
import static dev.turnout.stdlib.program.ProgramSection.Trait.KERNEL_TARGET;
import static dev.turnout.stdlib.program.ProgramSection.Trait.SLEEPABLE;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_DEVICE;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SKB;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SOCK;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SOCKOPT;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SOCK_ADDR;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SYSCTL;
import static dev.turnout.stdlib.program.ProgramType.EXT;
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
import static dev.turnout.stdlib.program.ProgramType.SCHED_ACT;
import static dev.turnout.stdlib.program.ProgramType.SCHED_CLS;
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

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the name of an ELF section says of the program in it: its type, where it is going to be attached, and how it is loaded. The
 * rows are libbpf 1.8's, in its order.
 *
 * @param stem the name, or what it begins with
 * @param open whether {@code /} and a target may follow
 */
public record ProgramSection(String stem, boolean open, ProgramType type, AttachType attach, Set<Trait> traits) {
    /** How a program is loaded. */
    public enum Trait {
        /** It may sleep. */
        SLEEPABLE,
        /** It may be given packets in several pieces. */
        FRAGMENTS,
        /** The name goes on with a function of the kernel, or of another program, whose types say what the context is. */
        KERNEL_TARGET
    }

    /** In front of the name of a section whose programs loaders leave out unless they are told to load them; libbpf, since 0.8. */
    private static final String OPTIONAL = "?";

    private static final List<ProgramSection> ROWS = List.of(
            exact("socket", SOCKET_FILTER, AttachType.NONE),
            exact("sk_reuseport/migrate", SK_REUSEPORT, AttachType.SK_REUSEPORT_SELECT_OR_MIGRATE),
            exact("sk_reuseport", SK_REUSEPORT, AttachType.SK_REUSEPORT_SELECT),
            open("kprobe", KPROBE, AttachType.NONE),
            open("uprobe", KPROBE, AttachType.NONE),
            open("uprobe.s", KPROBE, AttachType.NONE, SLEEPABLE),
            open("kretprobe", KPROBE, AttachType.NONE),
            open("uretprobe", KPROBE, AttachType.NONE),
            open("uretprobe.s", KPROBE, AttachType.NONE, SLEEPABLE),
            open("kprobe.multi", KPROBE, AttachType.TRACE_KPROBE_MULTI),
            open("kretprobe.multi", KPROBE, AttachType.TRACE_KPROBE_MULTI),
            open("kprobe.session", KPROBE, AttachType.TRACE_KPROBE_SESSION),
            open("uprobe.multi", KPROBE, AttachType.TRACE_UPROBE_MULTI),
            open("uretprobe.multi", KPROBE, AttachType.TRACE_UPROBE_MULTI),
            open("uprobe.session", KPROBE, AttachType.TRACE_UPROBE_SESSION),
            open("uprobe.multi.s", KPROBE, AttachType.TRACE_UPROBE_MULTI, SLEEPABLE),
            open("uretprobe.multi.s", KPROBE, AttachType.TRACE_UPROBE_MULTI, SLEEPABLE),
            open("uprobe.session.s", KPROBE, AttachType.TRACE_UPROBE_SESSION, SLEEPABLE),
            open("ksyscall", KPROBE, AttachType.NONE),
            open("kretsyscall", KPROBE, AttachType.NONE),
            open("usdt", KPROBE, AttachType.TRACE_UPROBE_MULTI),
            open("usdt.s", KPROBE, AttachType.TRACE_UPROBE_MULTI, SLEEPABLE),
            exact("tc/ingress", SCHED_CLS, AttachType.TCX_INGRESS),
            exact("tc/egress", SCHED_CLS, AttachType.TCX_EGRESS),
            exact("tcx/ingress", SCHED_CLS, AttachType.TCX_INGRESS),
            exact("tcx/egress", SCHED_CLS, AttachType.TCX_EGRESS),
            exact("tc", SCHED_CLS, AttachType.NONE),
            exact("classifier", SCHED_CLS, AttachType.NONE),
            exact("action", SCHED_ACT, AttachType.NONE),
            exact("netkit/primary", SCHED_CLS, AttachType.NETKIT_PRIMARY),
            exact("netkit/peer", SCHED_CLS, AttachType.NETKIT_PEER),
            open("tracepoint", TRACEPOINT, AttachType.NONE),
            open("tp", TRACEPOINT, AttachType.NONE),
            open("tracepoint.s", TRACEPOINT, AttachType.NONE, SLEEPABLE),
            open("tp.s", TRACEPOINT, AttachType.NONE, SLEEPABLE),
            open("raw_tracepoint", RAW_TRACEPOINT, AttachType.NONE),
            open("raw_tp", RAW_TRACEPOINT, AttachType.NONE),
            open("raw_tracepoint.s", RAW_TRACEPOINT, AttachType.NONE, SLEEPABLE),
            open("raw_tp.s", RAW_TRACEPOINT, AttachType.NONE, SLEEPABLE),
            open("raw_tracepoint.w", RAW_TRACEPOINT_WRITABLE, AttachType.NONE),
            open("raw_tp.w", RAW_TRACEPOINT_WRITABLE, AttachType.NONE),
            open("tp_btf", TRACING, AttachType.TRACE_RAW_TP, KERNEL_TARGET),
            open("tp_btf.s", TRACING, AttachType.TRACE_RAW_TP, KERNEL_TARGET, SLEEPABLE),
            open("fentry", TRACING, AttachType.TRACE_FENTRY, KERNEL_TARGET),
            open("fmod_ret", TRACING, AttachType.MODIFY_RETURN, KERNEL_TARGET),
            open("fexit", TRACING, AttachType.TRACE_FEXIT, KERNEL_TARGET),
            open("fentry.s", TRACING, AttachType.TRACE_FENTRY, KERNEL_TARGET, SLEEPABLE),
            open("fmod_ret.s", TRACING, AttachType.MODIFY_RETURN, KERNEL_TARGET, SLEEPABLE),
            open("fexit.s", TRACING, AttachType.TRACE_FEXIT, KERNEL_TARGET, SLEEPABLE),
            open("fsession", TRACING, AttachType.TRACE_FSESSION, KERNEL_TARGET),
            open("fsession.s", TRACING, AttachType.TRACE_FSESSION, KERNEL_TARGET, SLEEPABLE),
            open("fsession.multi", TRACING, AttachType.TRACE_FSESSION_MULTI),
            open("fsession.multi.s", TRACING, AttachType.TRACE_FSESSION_MULTI, SLEEPABLE),
            open("fentry.multi", TRACING, AttachType.TRACE_FENTRY_MULTI),
            open("fexit.multi", TRACING, AttachType.TRACE_FEXIT_MULTI),
            open("fentry.multi.s", TRACING, AttachType.TRACE_FENTRY_MULTI, SLEEPABLE),
            open("fexit.multi.s", TRACING, AttachType.TRACE_FEXIT_MULTI, SLEEPABLE),
            open("freplace", EXT, AttachType.NONE, KERNEL_TARGET),
            open("lsm", LSM, AttachType.LSM_MAC, KERNEL_TARGET),
            open("lsm.s", LSM, AttachType.LSM_MAC, KERNEL_TARGET, SLEEPABLE),
            open("lsm_cgroup", LSM, AttachType.LSM_CGROUP, KERNEL_TARGET),
            open("iter", TRACING, AttachType.TRACE_ITER, KERNEL_TARGET),
            open("iter.s", TRACING, AttachType.TRACE_ITER, KERNEL_TARGET, SLEEPABLE),
            exact("syscall", SYSCALL, AttachType.NONE, SLEEPABLE),
            exact("xdp.frags/devmap", XDP, AttachType.XDP_DEVMAP, FRAGMENTS),
            exact("xdp/devmap", XDP, AttachType.XDP_DEVMAP),
            exact("xdp.frags/cpumap", XDP, AttachType.XDP_CPUMAP, FRAGMENTS),
            exact("xdp/cpumap", XDP, AttachType.XDP_CPUMAP),
            exact("xdp.frags", XDP, AttachType.XDP, FRAGMENTS),
            exact("xdp", XDP, AttachType.XDP),
            exact("perf_event", PERF_EVENT, AttachType.NONE),
            exact("lwt_in", LWT_IN, AttachType.NONE),
            exact("lwt_out", LWT_OUT, AttachType.NONE),
            exact("lwt_xmit", LWT_XMIT, AttachType.NONE),
            exact("lwt_seg6local", LWT_SEG6LOCAL, AttachType.NONE),
            exact("sockops", SOCK_OPS, AttachType.CGROUP_SOCK_OPS),
            exact("sk_skb/stream_parser", SK_SKB, AttachType.SK_SKB_STREAM_PARSER),
            exact("sk_skb/stream_verdict", SK_SKB, AttachType.SK_SKB_STREAM_VERDICT),
            exact("sk_skb/verdict", SK_SKB, AttachType.SK_SKB_VERDICT),
            exact("sk_skb", SK_SKB, AttachType.NONE),
            exact("sk_msg", SK_MSG, AttachType.SK_MSG_VERDICT),
            exact("lirc_mode2", LIRC_MODE2, AttachType.LIRC_MODE2),
            exact("flow_dissector", FLOW_DISSECTOR, AttachType.FLOW_DISSECTOR),
            exact("cgroup_skb/ingress", CGROUP_SKB, AttachType.CGROUP_INET_INGRESS),
            exact("cgroup_skb/egress", CGROUP_SKB, AttachType.CGROUP_INET_EGRESS),
            exact("cgroup/skb", CGROUP_SKB, AttachType.NONE),
            exact("cgroup/sock_create", CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE),
            exact("cgroup/sock_release", CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_RELEASE),
            exact("cgroup/sock", CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE),
            exact("cgroup/post_bind4", CGROUP_SOCK, AttachType.CGROUP_INET4_POST_BIND),
            exact("cgroup/post_bind6", CGROUP_SOCK, AttachType.CGROUP_INET6_POST_BIND),
            exact("cgroup/bind4", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_BIND),
            exact("cgroup/bind6", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_BIND),
            exact("cgroup/connect4", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_CONNECT),
            exact("cgroup/connect6", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_CONNECT),
            exact("cgroup/connect_unix", CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_CONNECT),
            exact("cgroup/sendmsg4", CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP4_SENDMSG),
            exact("cgroup/sendmsg6", CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP6_SENDMSG),
            exact("cgroup/sendmsg_unix", CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_SENDMSG),
            exact("cgroup/recvmsg4", CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP4_RECVMSG),
            exact("cgroup/recvmsg6", CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP6_RECVMSG),
            exact("cgroup/recvmsg_unix", CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_RECVMSG),
            exact("cgroup/getpeername4", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_GETPEERNAME),
            exact("cgroup/getpeername6", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_GETPEERNAME),
            exact("cgroup/getpeername_unix", CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_GETPEERNAME),
            exact("cgroup/getsockname4", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_GETSOCKNAME),
            exact("cgroup/getsockname6", CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_GETSOCKNAME),
            exact("cgroup/getsockname_unix", CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_GETSOCKNAME),
            exact("cgroup/sysctl", CGROUP_SYSCTL, AttachType.CGROUP_SYSCTL),
            exact("cgroup/getsockopt", CGROUP_SOCKOPT, AttachType.CGROUP_GETSOCKOPT),
            exact("cgroup/setsockopt", CGROUP_SOCKOPT, AttachType.CGROUP_SETSOCKOPT),
            exact("cgroup/dev", CGROUP_DEVICE, AttachType.CGROUP_DEVICE),
            open("struct_ops", STRUCT_OPS, AttachType.NONE),
            open("struct_ops.s", STRUCT_OPS, AttachType.NONE, SLEEPABLE),
            exact("sk_lookup", SK_LOOKUP, AttachType.SK_LOOKUP),
            exact("netfilter", NETFILTER, AttachType.NETFILTER));

    private static ProgramSection exact(String stem, ProgramType type, AttachType attach, Trait... traits) {
        return new ProgramSection(stem, false, type, attach, Set.of(traits));
    }

    private static ProgramSection open(String stem, ProgramType type, AttachType attach, Trait... traits) {
        return new ProgramSection(stem, true, type, attach, Set.of(traits));
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** The name of a section whose programs are not loaded by default. */
    public static String optional(String section) {
        return OPTIONAL + section;
    }

    /** Whether programs of this section are not loaded by default. */
    public static boolean isOptional(String section) {
        return section.startsWith(OPTIONAL);
    }

    /** The name without the mark of sections that are not loaded by default. */
    public static String unmarked(String section) {
        return isOptional(section) ? section.substring(OPTIONAL.length()) : section;
    }

    /** All rows. */
    public static List<ProgramSection> rows() {
        return ROWS;
    }

    /** What a section's name says to libbpf, which knows no others. */
    public static Optional<ProgramSection> exactly(String section) {
        return ROWS.stream()
                .filter(row -> row.open ? begins(section, row.stem, "/") : section.equals(row.stem))
                .findFirst();
    }

    /**
     * What a section's name says. A leading {@code ?} (not loaded by default) is passed over. Names that libbpf 1.8 does not know are
     * read as older loaders and our own programs mean them: the longest stem, or word of a program type, that the name is or begins
     * with, up to a {@code /} or {@code .}.
     */
    public static Optional<ProgramSection> of(String section) {
        String name = unmarked(section);
        Optional<ProgramSection> best = exactly(name);
        if (best.isPresent()) {
            return best;
        }
        int length = 0;
        for (ProgramSection row : ROWS) {
            if (row.stem.length() > length && begins(name, row.stem, "/.")) {
                best = Optional.of(row);
                length = row.stem.length();
            }
        }
        for (ProgramType type : ProgramType.values()) {
            if (type.word().length() > length && begins(name, type.word(), "/.")) {
                best = Optional.of(open(type.word(), type, AttachType.NONE));
                length = type.word().length();
            }
        }
        return best;
    }

    /** Whether {@code name} is {@code stem}, or goes on with one of {@code ends}. */
    private static boolean begins(String name, String stem, String ends) {
        return name.startsWith(stem)
                && (name.length() == stem.length() || ends.indexOf(name.charAt(stem.length())) >= 0);
    }
}
