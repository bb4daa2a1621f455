package dev.turnout.stdlib.program;

import static dev.turnout.stdlib.program.ContextField.Widths.WHOLE;

import java.util.Optional;
import java.util.Set;

/** Sockets, by the part of them that a pointer shows to programs: the structs of the kernel's header. All of it may be read only. */
public enum SocketKind {
    /** What all sockets have, request sockets and those in time-wait too: {@code struct bpf_sock} with a hole. */
    COMMON("bpf_sock_common", ContextLayout.BPF_SOCK.table(), "type", "protocol", "mark", "priority"),
    FULL("bpf_sock", ContextLayout.BPF_SOCK.table()),
    TCP(
            "bpf_tcp_sock",
            new FieldTable.Rows()
                    .words(WHOLE, "snd_cwnd", "srtt_us", "rtt_min", "snd_ssthresh", "rcv_nxt", "snd_nxt", "snd_una")
                    .words(WHOLE, "mss_cache", "ecn_flags", "rate_delivered", "rate_interval_us", "packets_out")
                    .words(WHOLE, "retrans_out", "total_retrans", "segs_in", "data_segs_in", "segs_out")
                    .words(WHOLE, "data_segs_out", "lost_out", "sacked_out")
                    .longs(WHOLE, "bytes_received", "bytes_acked")
                    .words(WHOLE, "dsack_dups", "delivered", "delivered_ce", "icsk_retransmits")
                    .done()),
    XDP("bpf_xdp_sock", new FieldTable.Rows().words(WHOLE, "queue_id").done());

    private final String kernelName;
    private final FieldTable table;
    private final Set<String> hidden;

    SocketKind(String kernelName, FieldTable table, String... hidden) {
        this.kernelName = kernelName;
        this.table = table;
        this.hidden = Set.of(hidden);
    }

    /** Name of the struct in the kernel's header; for the common part, Linux's own word. */
    public String kernelName() {
        return kernelName;
    }

    /** The kernel's own struct behind it, whose fields only its types tell; absent where Linux names none. */
    public Optional<String> kernelStruct() {
        return switch (this) {
            case COMMON -> Optional.of("sock_common");
            case FULL -> Optional.of("sock");
            case TCP -> Optional.of("tcp_sock");
            case XDP -> Optional.empty();
        };
    }

    /** The fields of the struct. */
    public FieldTable table() {
        return table;
    }

    /** Whether a field of {@link #table} is there. */
    public boolean shows(ContextField field) {
        return !hidden.contains(field.stem());
    }
}
