package dev.turnout.runtime.context;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.FieldTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What a flow dissector fills in, {@code struct bpf_flow_keys}: how it begins, and how Linux corrects it afterwards. */
final class FlowKeys {
    static final int SIZE = ContextLayout.FLOW_KEYS.size();
    private static final int NETWORK_OFFSET = 0;
    private static final int TRANSPORT_OFFSET = 2;
    private static final int PROTOCOL = 10;
    private static final int FLAGS = 48;

    /** What of them can be given. */
    static final FieldTable NAMES = new FieldTable(
            List.of(new ContextField("flags", FLAGS, 4, ContextField.Kind.SCALAR, ContextField.Widths.WHOLE)), SIZE);

    private FlowKeys() {}

    /** Puts down the keys of a frame that holds an Ethernet header; where the context leads to them. */
    static long begin(InputDescriptor to, MemorySegment frame, int flags) {
        long keys = to.attach(SIZE);
        Memory.store(keys + NETWORK_OFFSET, 2, EthernetFrame.HEADER);
        Memory.store(keys + TRANSPORT_OFFSET, 2, EthernetFrame.HEADER);
        Memory.store(keys + PROTOCOL, 1, frame.get(ValueLayout.JAVA_BYTE, EthernetFrame.HEADER - 2));
        Memory.store(keys + PROTOCOL + 1, 1, frame.get(ValueLayout.JAVA_BYTE, EthernetFrame.HEADER - 1));
        Memory.storeInt(keys + FLAGS, flags);
        return keys;
    }

    /** The flags of keys that were given; the rest of them must be zero. */
    static int flags(GivenContext given) {
        return (int) given.number(FLAGS, 4);
    }

    /** Whether nothing but flags is given. */
    static boolean onlyFlags(GivenContext given) {
        return given.zeroBut(FLAGS, 4);
    }

    /** The keys as Linux hands them on: headers do not begin before the Ethernet header's end, nor behind the packet's. */
    static byte[] result(InputDescriptor input) {
        byte[] keys = Memory.copyOut(input.attached(), SIZE);
        int length = (int) (input.dataEnd() - input.data());
        int network = Math.clamp(half(keys, NETWORK_OFFSET), EthernetFrame.HEADER, length);
        int transport = Math.clamp(half(keys, TRANSPORT_OFFSET), network, length);
        half(keys, NETWORK_OFFSET, network);
        half(keys, TRANSPORT_OFFSET, transport);
        return keys;
    }

    private static int half(byte[] keys, int at) {
        return (keys[at] & 0xff) | (keys[at + 1] & 0xff) << 8;
    }

    private static void half(byte[] keys, int at, int value) {
        keys[at] = (byte) value;
        keys[at + 1] = (byte) (value >> 8);
    }
}
