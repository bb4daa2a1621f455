package dev.turnout.stdlib.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramSectionTest {
    @ParameterizedTest
    @CsvSource({
        "xdp, XDP, XDP",
        "xdp.frags/devmap, XDP, XDP_DEVMAP",
        "?tc, SCHED_CLS, NONE",
        "tc/ingress, SCHED_CLS, TCX_INGRESS",
        "tcx/egress, SCHED_CLS, TCX_EGRESS",
        "netkit/peer, SCHED_CLS, NETKIT_PEER",
        "cgroup/skb, CGROUP_SKB, NONE",
        "cgroup_skb/egress, CGROUP_SKB, CGROUP_INET_EGRESS",
        "cgroup/sock, CGROUP_SOCK, CGROUP_INET_SOCK_CREATE",
        "cgroup/connect_unix, CGROUP_SOCK_ADDR, CGROUP_UNIX_CONNECT",
        "sk_skb/stream_parser, SK_SKB, SK_SKB_STREAM_PARSER",
        "kprobe/do_nanosleep, KPROBE, NONE",
        "kprobe.session/x, KPROBE, TRACE_KPROBE_SESSION",
        "uprobe.multi.s//proc/self/exe:f, KPROBE, TRACE_UPROBE_MULTI",
        "raw_tracepoint.w/x, RAW_TRACEPOINT_WRITABLE, NONE",
        "tp_btf/sched_switch, TRACING, TRACE_RAW_TP",
        "fentry.s/x, TRACING, TRACE_FENTRY",
        "lsm.s/bprm_committed_creds, LSM, LSM_MAC",
        "lsm_cgroup/socket_bind, LSM, LSM_CGROUP",
        "iter/task, TRACING, TRACE_ITER",
        "struct_ops.s/init, STRUCT_OPS, NONE",
        "freplace/f, EXT, NONE",
        "syscall, SYSCALL, NONE",
        // Not libbpf's any more: older loaders, and our own programs.
        "xdp/outside, XDP, XDP",
        "cgroup_skb, CGROUP_SKB, NONE",
    })
    void a_name_says_type_and_place(String name, ProgramType type, AttachType attach) {
        ProgramSection section = ProgramSection.of(name).orElseThrow();
        assertThat(section.type()).isEqualTo(type);
        assertThat(section.attach()).isEqualTo(attach);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".text", "xdpx", "kprobes/x", "maps", "license"})
    void other_names_say_nothing(String name) {
        assertThat(ProgramSection.of(name)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ProgramType.class)
    void every_type_has_a_section(ProgramType type) {
        assertThat(ProgramSection.rows()).anyMatch(row -> row.type() == type);
        assertThat(ProgramType.ofSection(type.word())).contains(type);
    }
}
