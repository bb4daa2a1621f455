package dev.turnout.runtime.context;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.Datum;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.FieldTable;
import dev.turnout.stdlib.program.ProgramType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A context as data, typed by the names of its fields, and back: {@code {"mark":7,"cb":[1,2]}}. Bytes without names are lower-case
 * hex. A flow dissector's is the keys that it starts from, of which {@code flags} can be given.
 */
public final class ContextFields {
    /** What a run may have changed of a buffer; the rest follows from its packet. */
    private static final Set<String> OF_BUFFER = Set.of(
            "mark", "priority", "ingress_ifindex", "ifindex", "cb", "tstamp", "wire_len", "gso_segs", "hwtstamp");

    private ContextFields() {}

    private static FieldTable table(ProgramType type) {
        return type.context() == ContextLayout.DISSECTED_SK_BUFF
                ? FlowKeys.NAMES
                : type.context().table();
    }

    /** Whether people may give the field, and are shown it. Of the packet's ends, XDP's are: metadata and length, in bytes. */
    private static boolean isNamed(ContextLayout layout, ContextField field) {
        return switch (field.kind()) {
            case SCALAR -> true;
            case PACKET, PACKET_END -> layout == ContextLayout.XDP_MD;
            case BYTES, PADDING, PACKET_META, SOCKET, SOCKET_OR_NULL, SOCKET_COMMON_OR_NULL -> false;
            case FLOW_KEYS, TRACE_BUFFER, KERNEL_OBJECT -> false;
        };
    }

    /**
     * The bytes of a context.
     *
     * @param why is told what is wrong with it
     * @return empty if it is wrong
     */
    public static Optional<ByteString> read(ProgramType type, Datum given, StringBuilder why) {
        return switch (given) {
            case Datum.Text(String hex) -> hex(hex, why);
            case Datum.Fields(Map<String, Datum> fields) -> {
                byte[] bytes = new byte[table(type).size()];
                for (Map.Entry<String, Datum> field : fields.entrySet()) {
                    if (!set(type, bytes, field.getKey(), field.getValue(), why)) {
                        yield Optional.empty();
                    }
                }
                yield Optional.of(ByteString.copyOf(bytes));
            }
            case Datum.Number _, Datum.Flag _, Datum.Items _ -> {
                why.append("a context is an object of its fields or a text of hex digits, not ")
                        .append(given.word());
                yield Optional.empty();
            }
        };
    }

    private static Optional<ByteString> hex(String hex, StringBuilder why) {
        try {
            return Optional.of(ByteString.copyOf(HexFormat.of().parseHex(hex.replaceAll("\\s", ""))));
        } catch (IllegalArgumentException e) {
            why.append("`").append(hex).append("` is not bytes in hex");
            return Optional.empty();
        }
    }

    private static boolean set(ProgramType type, byte[] bytes, String name, Datum value, StringBuilder why) {
        if (value instanceof Datum.Items(List<Datum> items)) {
            for (int i = 0; i < items.size(); i++) {
                if (!set(type, bytes, name + "[" + i + "]", items.get(i), why)) {
                    return false;
                }
            }
            return true;
        }
        Optional<ContextField> field = table(type).field(name).filter(one -> isNamed(type.context(), one));
        if (field.isEmpty()) {
            why.append("`")
                    .append(type.word())
                    .append("` contexts have no field `")
                    .append(name)
                    .append("`; they have ");
            why.append(String.join(", ", names(type)));
            return false;
        }
        BigInteger number = switch (value) {
            case Datum.Number(BigInteger given) -> given;
            case Datum.Flag(boolean flag) -> flag ? BigInteger.ONE : BigInteger.ZERO;
            case Datum.Text _, Datum.Items _, Datum.Fields _ -> null;
        };
        int bits = field.get().bytes() * 8;
        if (number == null || number.bitLength() > bits || (number.signum() < 0 && number.bitLength() >= bits)) {
            why.append("`")
                    .append(name)
                    .append("` is a number of ")
                    .append(bits)
                    .append(" bits");
            return false;
        }
        for (int i = 0; i < field.get().bytes(); i++) {
            bytes[field.get().offset() + i] = number.shiftRight(8 * i).byteValue();
        }
        return true;
    }

    private static List<String> names(ProgramType type) {
        List<String> names = new ArrayList<>();
        for (ContextField field : table(type).fields()) {
            if (isNamed(type.context(), field) && !names.contains(field.stem())) {
                names.add(field.stem());
            }
        }
        return names.isEmpty() ? List.of("none with a name") : names;
    }

    /** A context as a run left it: the fields that are not zero; hex where fields have no names. */
    public static Datum show(ProgramType type, ByteString context) {
        if (names(type).equals(List.of("none with a name"))) {
            return new Datum.Text(context.toString());
        }
        Map<String, Datum> shown = new LinkedHashMap<>();
        Map<String, List<Datum>> arrays = new LinkedHashMap<>();
        for (ContextField field : table(type).fields()) {
            int end = field.offset() + field.bytes();
            if (!isNamed(type.context(), field) || end > context.size() || !isShown(type.context(), field)) {
                continue;
            }
            long value = 0;
            for (int i = end - 1; i >= field.offset(); i--) {
                value = value << 8 | (context.at(i) & 0xff);
            }
            if (!field.stem().equals(field.name())) {
                arrays.computeIfAbsent(field.stem(), _ -> new ArrayList<>()).add(Datum.ofUnsigned(value));
            } else if (value != 0) {
                shown.put(field.name(), Datum.ofUnsigned(value));
            }
        }
        arrays.forEach((name, values) -> {
            if (values.stream().anyMatch(one -> !one.equals(Datum.of(0)))) {
                shown.put(name, new Datum.Items(values));
            }
        });
        return new Datum.Fields(shown);
    }

    private static boolean isShown(ContextLayout layout, ContextField field) {
        return switch (layout) {
            case SK_BUFF -> OF_BUFFER.contains(field.stem());
            case XDP_MD -> field.kind().isPacket();
            // Nothing of these changes: what a dissector finds is its output.
            case SK_LOOKUP, DISSECTED_SK_BUFF -> false;
            case BPF_SOCK, SOCK_ADDR, SOCK_OPS, SK_MSG, SK_REUSEPORT, SYSCTL -> true;
            case SOCKOPT, CGROUP_DEVICE, PT_REGS, PERF_EVENT, TRACEPOINT, RAW_TRACEPOINT -> true;
            case WRITABLE_RAW_TRACEPOINT, SYSCALL, LIRC, NETFILTER, OPAQUE -> true;
        };
    }
}
