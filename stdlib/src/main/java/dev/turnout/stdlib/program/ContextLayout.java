package dev.turnout.stdlib.program;

import static dev.turnout.stdlib.program.ContextField.Kind.KERNEL_POINTER;
import static dev.turnout.stdlib.program.ContextField.Kind.PACKET;
import static dev.turnout.stdlib.program.ContextField.Kind.PACKET_END;
import static dev.turnout.stdlib.program.ContextField.Kind.PACKET_META;
import static dev.turnout.stdlib.program.ContextField.Kind.SCALAR;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The layout of a context as programs see it. Fields are sorted by offset. */
public enum ContextLayout {
    /** What XDP programs get: {@code struct xdp_md}. */
    XDP_MD("xdp_md", "XdpCtx", 24) {
        @Override
        List<ContextField> rows() {
            return List.of(
                    new ContextField("data", 0, 4, PACKET),
                    new ContextField("data_end", 4, 4, PACKET_END),
                    new ContextField("data_meta", 8, 4, PACKET_META),
                    new ContextField("ingress_ifindex", 12, 4, SCALAR),
                    new ContextField("rx_queue_index", 16, 4, SCALAR),
                    new ContextField("egress_ifindex", 20, 4, SCALAR));
        }
    },
    /** What tc, socket filter and cgroup programs get: {@code struct __sk_buff}. */
    SK_BUFF("__sk_buff", "SkBuff", 192) {
        @Override
        List<ContextField> rows() {
            List<ContextField> rows = new ArrayList<>();
            words(
                    rows,
                    0,
                    "len",
                    "pkt_type",
                    "mark",
                    "queue_mapping",
                    "protocol",
                    "vlan_present",
                    "vlan_tci",
                    "vlan_proto",
                    "priority",
                    "ingress_ifindex",
                    "ifindex",
                    "tc_index",
                    "cb[0]",
                    "cb[1]",
                    "cb[2]",
                    "cb[3]",
                    "cb[4]",
                    "hash",
                    "tc_classid");
            rows.add(new ContextField("data", 76, 4, PACKET));
            rows.add(new ContextField("data_end", 80, 4, PACKET_END));
            words(
                    rows,
                    84,
                    "napi_id",
                    "family",
                    "remote_ip4",
                    "local_ip4",
                    "remote_ip6[0]",
                    "remote_ip6[1]",
                    "remote_ip6[2]",
                    "remote_ip6[3]",
                    "local_ip6[0]",
                    "local_ip6[1]",
                    "local_ip6[2]",
                    "local_ip6[3]",
                    "remote_port",
                    "local_port");
            rows.add(new ContextField("data_meta", 140, 4, PACKET_META));
            rows.add(new ContextField("flow_keys", 144, 8, KERNEL_POINTER));
            rows.add(new ContextField("tstamp", 152, 8, SCALAR));
            rows.add(new ContextField("wire_len", 160, 4, SCALAR));
            rows.add(new ContextField("gso_segs", 164, 4, SCALAR));
            rows.add(new ContextField("sk", 168, 8, KERNEL_POINTER));
            rows.add(new ContextField("gso_size", 176, 4, SCALAR));
            rows.add(new ContextField("tstamp_type", 180, 1, SCALAR));
            rows.add(new ContextField("hwtstamp", 184, 8, SCALAR));
            return rows;
        }
    },
    /** A context whose fields have no rows yet: it can be passed to helpers, not read. */
    OPAQUE("void", "Context", 0) {
        @Override
        List<ContextField> rows() {
            return List.of();
        }
    };

    private final String kernelName;
    private final String languageName;
    private final int size;
    private final List<ContextField> fields;

    ContextLayout(String kernelName, String languageName, int size) {
        this.kernelName = kernelName;
        this.languageName = languageName;
        this.size = size;
        this.fields = List.copyOf(rows());
    }

    abstract List<ContextField> rows();

    private static void words(List<ContextField> rows, int from, String... names) {
        for (int i = 0; i < names.length; i++) {
            rows.add(new ContextField(names[i], from + 4 * i, 4, SCALAR));
        }
    }

    /** Name of the struct in the kernel's header. */
    public String kernelName() {
        return kernelName;
    }

    /** Name of the type in the language: {@code XdpCtx}. */
    public String languageName() {
        return languageName;
    }

    /** Bytes. */
    public int size() {
        return size;
    }

    public List<ContextField> fields() {
        return fields;
    }

    /** The field of this name. */
    public Optional<ContextField> field(String name) {
        for (ContextField field : fields) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** The field that holds byte {@code offset}. */
    public Optional<ContextField> at(int offset) {
        for (ContextField field : fields) {
            if (field.offset() <= offset && offset < field.offset() + field.bytes()) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}
