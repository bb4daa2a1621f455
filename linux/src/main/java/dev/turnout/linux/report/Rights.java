package dev.turnout.linux.report;

import dev.turnout.stdlib.program.ProgramType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What this process may do with {@code bpf(2)}, as the kernel shows it. Sources: capabilities(7), proc(5).
 *
 * @param capabilities bits of the effective set
 * @param filtered whether a seccomp filter stands between the process and its system calls
 * @param closed whether users without rights may not call bpf(2) at all ({@code kernel.unprivileged_bpf_disabled})
 */
record Rights(long capabilities, boolean filtered, boolean closed) {
    /** A right that loading may need. */
    private enum Capability {
        CAP_NET_ADMIN(12),
        CAP_SYS_ADMIN(21),
        CAP_PERFMON(38),
        CAP_BPF(39);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }
    }

    /** Of this process; all of them where the kernel does not say. */
    static Rights mine() {
        try {
            return of(
                    Files.readString(Path.of("/proc/self/status")),
                    Files.exists(Path.of("/proc/sys/kernel/unprivileged_bpf_disabled"))
                            && !Files.readString(Path.of("/proc/sys/kernel/unprivileged_bpf_disabled"))
                                    .strip()
                                    .equals("0"));
        } catch (IOException unknown) {
            return new Rights(-1, false, false);
        }
    }

    /** From the text of {@code /proc/self/status}. */
    static Rights of(String status, boolean closed) {
        long capabilities = -1;
        boolean filtered = false;
        for (String line : status.lines().toList()) {
            if (line.startsWith("CapEff:")) {
                capabilities = Long.parseUnsignedLong(line.substring(7).strip(), 16);
            } else if (line.startsWith("Seccomp:")) {
                filtered = line.endsWith("2");
            }
        }
        return new Rights(capabilities, filtered, closed);
    }

    private boolean has(Capability capability) {
        // CAP_SYS_ADMIN stood for the finer ones before they came, and still does.
        return (capabilities >>> capability.bit & 1) != 0 || (capabilities >>> Capability.CAP_SYS_ADMIN.bit & 1) != 0;
    }

    /** Names of the rights that are missing to load a program of this type, or to make a map. */
    List<String> missing(Optional<ProgramType> type) {
        return type.map(Rights::needed).orElse(List.of(Capability.CAP_BPF)).stream()
                .filter(one -> !has(one))
                .map(Capability::name)
                .toList();
    }

    /** Why an operation is not permitted, in a clause. */
    String reason(Optional<ProgramType> type) {
        List<String> missing = missing(type);
        if (!missing.isEmpty()) {
            return "this process lacks " + String.join(" and ", missing)
                    + (closed ? ", and `kernel.unprivileged_bpf_disabled` is set" : "");
        }
        return filtered
                ? "a seccomp filter forbids `bpf(2)`, as containers have one"
                : "this process has the capabilities, so a security module, a lockdown or a namespace forbids it";
    }

    /** Linux 7.2, {@code kernel/bpf/syscall.c}: {@code is_net_admin_prog_type}, {@code is_perfmon_prog_type}. */
    private static List<Capability> needed(ProgramType type) {
        return switch (type) {
            case SCHED_CLS, SCHED_ACT, XDP, LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SK_SKB, SK_MSG, FLOW_DISSECTOR ->
                List.of(Capability.CAP_BPF, Capability.CAP_NET_ADMIN);
            case CGROUP_DEVICE, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, SOCK_OPS, NETFILTER ->
                List.of(Capability.CAP_BPF, Capability.CAP_NET_ADMIN);
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, TRACING, LSM, STRUCT_OPS ->
                List.of(Capability.CAP_BPF, Capability.CAP_PERFMON);
            case EXT -> List.of(Capability.CAP_BPF, Capability.CAP_NET_ADMIN, Capability.CAP_PERFMON);
            case SOCKET_FILTER, CGROUP_SKB, SK_REUSEPORT, SK_LOOKUP, LIRC_MODE2, SYSCALL -> List.of(Capability.CAP_BPF);
        };
    }
}
