package dev.turnout.stdlib.program;

import static dev.turnout.stdlib.program.ContextField.Kind.BYTES;
import static dev.turnout.stdlib.program.ContextField.Kind.KERNEL_OBJECT;
import static dev.turnout.stdlib.program.ContextField.Kind.PACKET;
import static dev.turnout.stdlib.program.ContextField.Kind.PACKET_END;
import static dev.turnout.stdlib.program.ContextField.Kind.PACKET_META;
import static dev.turnout.stdlib.program.ContextField.Kind.PADDING;
import static dev.turnout.stdlib.program.ContextField.Kind.SCALAR;
import static dev.turnout.stdlib.program.ContextField.Kind.SOCKET;
import static dev.turnout.stdlib.program.ContextField.Kind.SOCKET_COMMON_OR_NULL;
import static dev.turnout.stdlib.program.ContextField.Kind.SOCKET_OR_NULL;
import static dev.turnout.stdlib.program.ContextField.Kind.TRACE_BUFFER;
import static dev.turnout.stdlib.program.ContextField.Widths.ELEMENTS;
import static dev.turnout.stdlib.program.ContextField.Widths.FRONT_READ;
import static dev.turnout.stdlib.program.ContextField.Widths.HALVES_READ;
import static dev.turnout.stdlib.program.ContextField.Widths.PADDED_READ;
import static dev.turnout.stdlib.program.ContextField.Widths.PARTS;
import static dev.turnout.stdlib.program.ContextField.Widths.PARTS_READ;
import static dev.turnout.stdlib.program.ContextField.Widths.WHOLE;
import static dev.turnout.stdlib.program.ContextField.Widths.WIDE;

import java.util.List;
import java.util.Optional;

/**
 * The layout of a context as programs see it. Source: {@code include/uapi/linux/bpf.h} of Linux 7.2 for the structs, {@code
 * net/core/filter.c}, {@code kernel/bpf/cgroup.c} and {@code kernel/trace/bpf_trace.c} for the widths; registers are x86-64's.
 */
public enum ContextLayout {
    /** What XDP programs get: {@code struct xdp_md}. */
    XDP_MD(
            "xdp_md",
            Moves.NEVER,
            new FieldTable.Rows()
                    .field("data", 4, PACKET, WHOLE)
                    .field("data_end", 4, PACKET_END, WHOLE)
                    .field("data_meta", 4, PACKET_META, WHOLE)
                    .words(WHOLE, "ingress_ifindex", "rx_queue_index", "egress_ifindex")),
    /** What tc, socket filter, cgroup and tunnel programs get: {@code struct __sk_buff}. */
    SK_BUFF(
            "__sk_buff",
            Moves.NEVER,
            new FieldTable.Rows()
                    .words(PARTS_READ, "len", "pkt_type", "mark", "queue_mapping", "protocol", "vlan_present")
                    .words(PARTS_READ, "vlan_tci", "vlan_proto", "priority", "ingress_ifindex", "ifindex", "tc_index")
                    .array(ELEMENTS, "cb", 5)
                    .words(PARTS_READ, "hash", "tc_classid")
                    .field("data", 4, PACKET, WHOLE)
                    .field("data_end", 4, PACKET_END, WHOLE)
                    .words(PARTS_READ, "napi_id", "family")
                    .words(WHOLE, "remote_ip4", "local_ip4")
                    .array(WHOLE, "remote_ip6", 4)
                    .array(WHOLE, "local_ip6", 4)
                    .words(PARTS_READ, "remote_port", "local_port")
                    .field("data_meta", 4, PACKET_META, WHOLE)
                    .pointer("flow_keys", ContextField.Kind.FLOW_KEYS)
                    .longs(WHOLE, "tstamp")
                    .words(PARTS_READ, "wire_len", "gso_segs")
                    .pointer("sk", SOCKET_COMMON_OR_NULL)
                    .words(PARTS_READ, "gso_size")
                    .field("tstamp_type", 1, SCALAR, WHOLE)
                    .gap(3)
                    .longs(WHOLE, "hwtstamp")),
    /** What a flow dissector sees of {@code struct __sk_buff}. */
    DISSECTED_SK_BUFF(
            "__sk_buff",
            Moves.NEVER,
            new FieldTable.Rows()
                    .gap(76)
                    .field("data", 4, PACKET, WHOLE)
                    .field("data_end", 4, PACKET_END, WHOLE)
                    .gap(60)
                    .pointer("flow_keys", ContextField.Kind.FLOW_KEYS)
                    .gap(40)),
    /** What cgroup programs on sockets get, and what a pointer to a full socket shows: {@code struct bpf_sock}. */
    BPF_SOCK(
            "bpf_sock",
            Moves.NEVER,
            new FieldTable.Rows()
                    .words(WHOLE, "bound_dev_if")
                    .words(FRONT_READ, "family", "type", "protocol")
                    .words(WHOLE, "mark", "priority")
                    .words(PARTS_READ, "src_ip4")
                    .array(PARTS_READ, "src_ip6", 4)
                    .words(FRONT_READ, "src_port")
                    .field("dst_port", 2, SCALAR, PADDED_READ)
                    .gap(2)
                    .words(PARTS_READ, "dst_ip4")
                    .array(PARTS_READ, "dst_ip6", 4)
                    .words(FRONT_READ, "state", "rx_queue_mapping")),
    /** What cgroup programs on addresses get: {@code struct bpf_sock_addr}. */
    SOCK_ADDR(
            "bpf_sock_addr",
            Moves.NEVER,
            new FieldTable.Rows()
                    .words(WHOLE, "user_family")
                    .words(PARTS_READ, "user_ip4")
                    .array(WIDE, "user_ip6", 4)
                    .words(PARTS_READ, "user_port")
                    .words(WHOLE, "family", "type", "protocol")
                    .words(PARTS_READ, "msg_src_ip4")
                    .array(WIDE, "msg_src_ip6", 4)
                    .gap(4)
                    .pointer("sk", SOCKET)),
    /** What sockops programs get: {@code struct bpf_sock_ops}. */
    SOCK_OPS(
            "bpf_sock_ops",
            Moves.NEVER,
            new FieldTable.Rows()
                    .words(WHOLE, "op", "reply", "args[1]", "args[2]", "args[3]", "family", "remote_ip4", "local_ip4")
                    .array(WHOLE, "remote_ip6", 4)
                    .array(WHOLE, "local_ip6", 4)
                    .words(WHOLE, "remote_port", "local_port", "is_fullsock", "snd_cwnd", "srtt_us")
                    .words(WHOLE, "bpf_sock_ops_cb_flags", "state", "rtt_min", "snd_ssthresh", "rcv_nxt", "snd_nxt")
                    .words(WHOLE, "snd_una", "mss_cache", "ecn_flags", "rate_delivered", "rate_interval_us")
                    .words(WHOLE, "packets_out", "retrans_out", "total_retrans", "segs_in", "data_segs_in")
                    .words(WHOLE, "segs_out", "data_segs_out", "lost_out", "sacked_out", "sk_txhash")
                    .longs(WHOLE, "bytes_received", "bytes_acked")
                    .pointer("sk", SOCKET_OR_NULL)
                    .pointer("skb_data", PACKET)
                    .pointer("skb_data_end", PACKET_END)
                    .words(WHOLE, "skb_len")
                    .words(FRONT_READ, "skb_tcp_flags")
                    .longs(WHOLE, "skb_hwtstamp")),
    /** What programs on messages get: {@code struct sk_msg_md}. */
    SK_MSG(
            "sk_msg_md",
            Moves.NEVER,
            new FieldTable.Rows()
                    .pointer("data", PACKET)
                    .pointer("data_end", PACKET_END)
                    .words(WHOLE, "family", "remote_ip4", "local_ip4")
                    .array(WHOLE, "remote_ip6", 4)
                    .array(WHOLE, "local_ip6", 4)
                    .words(WHOLE, "remote_port", "local_port", "size")
                    .pointer("sk", SOCKET)),
    /** What programs that choose a socket of a group get: {@code struct sk_reuseport_md}. */
    SK_REUSEPORT(
            "sk_reuseport_md",
            Moves.NEVER,
            new FieldTable.Rows()
                    .pointer("data", PACKET)
                    .pointer("data_end", PACKET_END)
                    .words(PARTS_READ, "len")
                    .words(HALVES_READ, "eth_protocol")
                    .words(PARTS_READ, "ip_protocol", "bind_inany")
                    .words(WHOLE, "hash")
                    .gap(4)
                    .pointer("sk", SOCKET)
                    .pointer("migrating_sk", SOCKET_COMMON_OR_NULL)),
    /** What programs that choose a listening socket get: {@code struct bpf_sk_lookup}. */
    SK_LOOKUP(
            "bpf_sk_lookup",
            Moves.NEVER,
            new FieldTable.Rows()
                    .pointer("sk", SOCKET_OR_NULL)
                    .words(PARTS_READ, "family", "protocol", "remote_ip4")
                    .array(PARTS_READ, "remote_ip6", 4)
                    .field("remote_port", 2, SCALAR, PADDED_READ)
                    .field("remote_port padding", 2, PADDING, PARTS_READ)
                    .words(PARTS_READ, "local_ip4")
                    .array(PARTS_READ, "local_ip6", 4)
                    .words(PARTS_READ, "local_port", "ingress_ifindex")
                    .gap(4)),
    /** What cgroup programs on kernel parameters get: {@code struct bpf_sysctl}. */
    SYSCTL("bpf_sysctl", Moves.NEVER, new FieldTable.Rows().words(PARTS_READ, "write", "file_pos")),
    /** What cgroup programs on socket options get: {@code struct bpf_sockopt}; the option's value takes the packet's place. */
    SOCKOPT(
            "bpf_sockopt",
            Moves.NEVER,
            new FieldTable.Rows()
                    .pointer("sk", SOCKET)
                    .pointer("optval", PACKET)
                    .pointer("optval_end", PACKET_END)
                    .words(WHOLE, "level", "optname", "optlen", "retval")),
    /** What cgroup programs on devices get: {@code struct bpf_cgroup_dev_ctx}. */
    CGROUP_DEVICE(
            "bpf_cgroup_dev_ctx",
            Moves.BY_CONSTANTS,
            new FieldTable.Rows().words(PARTS_READ, "access_type").words(WHOLE, "major", "minor")),
    /** The registers at a probe: {@code struct pt_regs}. */
    PT_REGS(
            "pt_regs",
            Moves.BY_CONSTANTS,
            new FieldTable.Rows()
                    .longs(PARTS, "r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx")
                    .longs(PARTS, "si", "di", "orig_ax", "ip", "cs", "flags", "sp", "ss")),
    /** What perf events give: {@code struct bpf_perf_event_data}. */
    PERF_EVENT(
            "bpf_perf_event_data",
            Moves.NEVER,
            new FieldTable.Rows()
                    .longs(WHOLE, "r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx")
                    .longs(WHOLE, "si", "di", "orig_ax", "ip", "cs", "flags", "sp", "ss")
                    .longs(PARTS_READ, "sample_period", "addr")),
    /** What a tracepoint records, behind a word that is the kernel's own. Its format file says what the bytes are. */
    TRACEPOINT(
            "trace_entry", Moves.BY_CONSTANTS, new FieldTable.Rows().gap(8).field("record", 8184, BYTES, PARTS_READ)),
    /** The arguments of a raw tracepoint. */
    RAW_TRACEPOINT("bpf_raw_tracepoint_args", Moves.BY_CONSTANTS, arguments(new FieldTable.Rows(), 0)),
    /** The arguments of a raw tracepoint of which the first is a buffer that may be written. */
    WRITABLE_RAW_TRACEPOINT(
            "bpf_raw_tracepoint_args",
            Moves.BY_CONSTANTS,
            arguments(new FieldTable.Rows().pointer("args[0]", TRACE_BUFFER), 1)),
    /** The memory that a {@code syscall} program was run with. */
    SYSCALL("void", Moves.FREELY, new FieldTable.Rows().field("memory", 0xffff, BYTES, ContextField.Widths.BYTES)),
    /** One event of an infrared receiver. */
    LIRC("lirc_mode2", Moves.BY_CONSTANTS, new FieldTable.Rows().words(WHOLE, "sample")),
    /** What netfilter programs get: {@code struct bpf_nf_ctx}. */
    NETFILTER(
            "bpf_nf_ctx",
            Moves.BY_CONSTANTS,
            new FieldTable.Rows().pointer("state", KERNEL_OBJECT).pointer("skb", KERNEL_OBJECT)),
    /** A context that the kernel's types describe: the arguments of the function that a program is attached to. */
    OPAQUE("void", Moves.BY_CONSTANTS, new FieldTable.Rows());

    /** {@code struct bpf_flow_keys}, which a flow dissector fills in: any of its bytes, aligned or not. Not a context. */
    public static final FieldTable FLOW_KEYS = new FieldTable.Rows()
            .field("flow keys", 56, BYTES, ContextField.Widths.BYTES)
            .done();

    /** Whether Linux takes a field through a pointer that a number was added to. Where it rewrites the accesses it does not. */
    public enum Moves {
        NEVER,
        BY_CONSTANTS,
        /** Also by numbers that are not known, within bounds; helpers may use the context as memory. */
        FREELY
    }

    private static FieldTable.Rows arguments(FieldTable.Rows rows, int from) {
        for (int i = from; i < 12; i++) {
            rows.longs(PARTS_READ, "args[" + i + "]");
        }
        return rows;
    }

    private final String kernelName;
    private final Moves moves;
    private final FieldTable table;

    ContextLayout(String kernelName, Moves moves, FieldTable.Rows rows) {
        this.kernelName = kernelName;
        this.moves = moves;
        this.table = rows.done();
    }

    /** Name of the struct in the kernel's header. */
    public String kernelName() {
        return kernelName;
    }

    public Moves moves() {
        return moves;
    }

    /** Bytes. */
    public int size() {
        return table.size();
    }

    public FieldTable table() {
        return table;
    }

    public List<ContextField> fields() {
        return table.fields();
    }

    /** The field of this name. */
    public Optional<ContextField> field(String name) {
        return table.field(name);
    }

    /** The field that holds byte {@code offset}. */
    public Optional<ContextField> at(int offset) {
        return table.at(offset);
    }

    /** Whether a machine without a kernel can make one: nothing in it is an object of the kernel. */
    public boolean isMade() {
        return this != OPAQUE
                && fields().stream()
                        .noneMatch(field -> field.kind() == ContextField.Kind.KERNEL_OBJECT
                                || field.kind() == ContextField.Kind.TRACE_BUFFER);
    }

    /** Whether a machine can make one of bytes alone: no field of it is a pointer. */
    public boolean isPlain() {
        return this != OPAQUE
                && fields().stream().allMatch(field -> field.kind().isNumber());
    }
}
