package dev.turnout.stdlib.helper;

import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which programs may call a helper: by type, and where it depends on that also by where they are attached. As a loader sees it
 * that has all capabilities of BPF. Source: the {@code *_func_proto} functions of Linux 7.2, asked in a running one.
 */
public final class Callers {
    /** Without a condition. */
    private static final Set<AttachType> ANYWHERE = Set.copyOf(EnumSet.allOf(AttachType.class));

    /** Every type. */
    static final Callers ALL = of(ProgramType.values());

    /** Every type but the decoder of remote controls, whose short list goes back to no common one. */
    static final Callers MOST = ALL.without(ProgramType.LIRC_MODE2);

    /** What hangs on events of the kernel. */
    static final Callers EVENTS = of(
            ProgramType.KPROBE,
            ProgramType.TRACEPOINT,
            ProgramType.PERF_EVENT,
            ProgramType.RAW_TRACEPOINT,
            ProgramType.RAW_TRACEPOINT_WRITABLE,
            ProgramType.TRACING,
            ProgramType.LSM,
            ProgramType.SYSCALL);

    /** What is given typed objects of the kernel. */
    static final Callers TYPED = of(ProgramType.TRACING, ProgramType.LSM, ProgramType.SYSCALL);

    static final Callers TRAFFIC = of(ProgramType.SCHED_CLS, ProgramType.SCHED_ACT);

    static final Callers LIGHT_TUNNELS =
            of(ProgramType.LWT_IN, ProgramType.LWT_OUT, ProgramType.LWT_XMIT, ProgramType.LWT_SEG6LOCAL);

    /** Traffic control, and light tunnels where they send. */
    static final Callers SENDERS = TRAFFIC.and(ProgramType.LWT_XMIT);

    /** What looks up sockets. */
    static final Callers LOOKUPS =
            TRAFFIC.and(ProgramType.XDP, ProgramType.CGROUP_SKB, ProgramType.SK_SKB, ProgramType.CGROUP_SOCK_ADDR);

    /** What handles packets or sockets of the network. */
    static final Callers NETWORK = LOOKUPS.and(LIGHT_TUNNELS)
            .and(
                    ProgramType.SOCKET_FILTER,
                    ProgramType.SOCK_OPS,
                    ProgramType.SK_MSG,
                    ProgramType.SK_LOOKUP,
                    ProgramType.FLOW_DISSECTOR);

    /** What keeps values beside sockets. */
    static final Callers STORAGES = TRAFFIC.and(TYPED)
            .and(
                    ProgramType.CGROUP_SKB,
                    ProgramType.SOCK_OPS,
                    ProgramType.SK_MSG,
                    ProgramType.CGROUP_SOCK_ADDR,
                    ProgramType.CGROUP_SOCKOPT,
                    ProgramType.STRUCT_OPS);

    /** What gets and sets options of sockets. */
    static final Callers OPTIONS = of(ProgramType.SOCK_OPS, ProgramType.STRUCT_OPS, ProgramType.CGROUP_SOCK_ADDR)
            .notAt(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_GETPEERNAME, AttachType.CGROUP_UNIX_GETSOCKNAME)
            .at(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE)
            .at(ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_SETSOCKOPT)
            .at(ProgramType.TRACING, AttachType.TRACE_ITER)
            .at(ProgramType.LSM, AttachType.LSM_CGROUP);

    /** Hooks of cgroups whose caller takes an error number. */
    static final Callers CGROUP_ERRORS = of(
                    ProgramType.CGROUP_SOCK,
                    ProgramType.CGROUP_DEVICE,
                    ProgramType.CGROUP_SOCK_ADDR,
                    ProgramType.CGROUP_SYSCTL,
                    ProgramType.CGROUP_SOCKOPT)
            .notAt(
                    ProgramType.CGROUP_SOCK_ADDR,
                    AttachType.CGROUP_UDP4_RECVMSG,
                    AttachType.CGROUP_UDP6_RECVMSG,
                    AttachType.CGROUP_UNIX_RECVMSG,
                    AttachType.CGROUP_INET4_GETPEERNAME,
                    AttachType.CGROUP_INET6_GETPEERNAME,
                    AttachType.CGROUP_UNIX_GETPEERNAME,
                    AttachType.CGROUP_INET4_GETSOCKNAME,
                    AttachType.CGROUP_INET6_GETSOCKNAME,
                    AttachType.CGROUP_UNIX_GETSOCKNAME)
            .at(ProgramType.LSM, AttachType.LSM_CGROUP);

    /** All hooks of cgroups. */
    static final Callers CGROUPS = of(
                    ProgramType.CGROUP_SKB,
                    ProgramType.CGROUP_SOCK,
                    ProgramType.CGROUP_DEVICE,
                    ProgramType.CGROUP_SOCK_ADDR,
                    ProgramType.CGROUP_SYSCTL,
                    ProgramType.CGROUP_SOCKOPT,
                    ProgramType.SOCK_OPS)
            .at(ProgramType.LSM, AttachType.LSM_CGROUP);

    static final Callers ITERATORS = of().at(ProgramType.TRACING, AttachType.TRACE_ITER);

    /** What is entered with the arguments of a function of the kernel, or of a typed tracepoint. */
    static final Callers FUNCTION_ENTRIES = of(ProgramType.TRACING, ProgramType.LSM)
            .notAt(ProgramType.TRACING, AttachType.TRACE_ITER)
            .notAt(ProgramType.LSM, AttachType.LSM_CGROUP);

    /** What is entered before or after a function of the kernel. */
    static final Callers FUNCTIONS =
            FUNCTION_ENTRIES.notAt(ProgramType.TRACING, AttachType.TRACE_ITER, AttachType.TRACE_RAW_TP);

    private final Map<ProgramType, Set<AttachType>> where;

    private Callers(Map<ProgramType, Set<AttachType>> where) {
        this.where = where;
    }

    static Callers of(ProgramType... types) {
        Map<ProgramType, Set<AttachType>> where = new EnumMap<>(ProgramType.class);
        for (ProgramType type : types) {
            where.put(type, ANYWHERE);
        }
        return new Callers(where);
    }

    Callers and(ProgramType... types) {
        return and(of(types));
    }

    Callers and(Callers others) {
        Map<ProgramType, Set<AttachType>> more = new EnumMap<>(ProgramType.class);
        more.putAll(where);
        more.putAll(others.where);
        return new Callers(more);
    }

    Callers without(ProgramType type) {
        Callers fewer = and();
        fewer.where.remove(type);
        return fewer;
    }

    /** And this type, there only. */
    Callers at(ProgramType type, AttachType... places) {
        Callers more = and();
        more.where.put(type, Set.of(places));
        return more;
    }

    /** And this type, anywhere else. */
    Callers notAt(ProgramType type, AttachType... places) {
        Set<AttachType> others = EnumSet.allOf(AttachType.class);
        others.removeAll(Set.of(places));
        return at(type, others.toArray(AttachType[]::new));
    }

    /** Whether a program of this type may call, attached there; attached somewhere, if nothing is said of where. */
    public boolean contains(ProgramType type, AttachType place) {
        Set<AttachType> places = where.getOrDefault(type, Set.of());
        return place == AttachType.NONE ? !places.isEmpty() : places.contains(place);
    }

    /** Whether no program is kept from it, save by the few that go back to no common list. */
    public boolean isCommon() {
        return where.entrySet().containsAll(MOST.where.entrySet());
    }

    /** In words: program types, and behind each the places if not all will do. */
    public String words() {
        if (isCommon()) {
            return where.size() == ALL.where.size() ? "all" : "most";
        }
        return where.entrySet().stream()
                .map(entry -> entry.getKey().word() + places(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String places(Set<AttachType> places) {
        if (places.equals(ANYWHERE)) {
            return "";
        }
        Set<AttachType> others = EnumSet.allOf(AttachType.class);
        others.removeAll(places);
        boolean few = places.size() < others.size();
        return (few ? " (" : " (not ")
                + (few ? places : others)
                        .stream()
                                .filter(place -> place != AttachType.NONE)
                                .sorted()
                                .map(place -> place.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                + ")";
    }

    /** The types of which at least some programs may call. */
    public Set<ProgramType> types() {
        return Set.copyOf(where.keySet());
    }
}
