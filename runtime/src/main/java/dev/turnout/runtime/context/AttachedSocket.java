package dev.turnout.runtime.context;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The socket that a context leads to: {@code struct bpf_sock}, of which the context itself says the most. It is closed and bound to
 * nothing, as the one that Linux's test run makes up.
 */
final class AttachedSocket {
    static final int SIZE = ContextLayout.BPF_SOCK.size();
    private static final int TCP_CLOSE = 7;

    /** Fields of contexts that say what a field of the socket is. A buffer's protocol is that of its frame. */
    private static final Map<String, String> SAID_BY = Map.of(
            "family", "family",
            "type", "type",
            "protocol", "protocol",
            "src_ip4", "local_ip4",
            "dst_ip4", "remote_ip4");

    /** A field of the socket, and the field of the context that says it. */
    private record Said(ContextField field, ContextField by) {}

    private static final Map<ContextLayout, List<Said>> SAID = said();
    private static final ContextField STATE =
            ContextLayout.BPF_SOCK.field("state").orElseThrow();

    private AttachedSocket() {}

    /** Makes the socket behind a context whose other fields are there. */
    static long make(InputDescriptor to) {
        long socket = to.attach(SIZE);
        for (Said one : SAID.getOrDefault(to.layout(), List.of())) {
            Memory.store(
                    socket + one.field().offset(),
                    one.field().bytes(),
                    Memory.load(to.context() + one.by().offset(), one.by().bytes()));
        }
        Memory.storeInt(socket + STATE.offset(), TCP_CLOSE);
        return socket;
    }

    private static Map<ContextLayout, List<Said>> said() {
        Map<ContextLayout, List<Said>> said = new EnumMap<>(ContextLayout.class);
        for (ContextLayout layout : ContextLayout.values()) {
            List<Said> fields = new ArrayList<>();
            for (ContextField field : ContextLayout.BPF_SOCK.fields()) {
                boolean otherMeaning =
                        layout == ContextLayout.SK_BUFF && field.name().equals("protocol");
                String name = field.stem().endsWith("_ip6")
                        ? field.name().replace("src_", "local_").replace("dst_", "remote_")
                        : SAID_BY.getOrDefault(field.name(), "");
                if (!otherMeaning) {
                    layout.field(name).ifPresent(by -> fields.add(new Said(field, by)));
                }
            }
            said.put(layout, List.copyOf(fields));
        }
        return said;
    }
}
