package dev.turnout.tests.differential;

import static dev.turnout.tests.differential.HelpersAgainstKernelTest.memory;
import static dev.turnout.tests.differential.HelpersAgainstKernelTest.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.tests.differential.HelperCalling.Argument;
import dev.turnout.verifier.Options;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/**
 * Helpers that read, write and reshape packets, one after the other with drawn arguments, do to a drawn packet what the running kernel's
 * do. {@code -Dpackets=1000} draws so many programs instead of a few.
 */
class PacketHelpersAgainstKernelTest {
    private static final int PROGRAMS = Integer.getInteger("packets", 24);
    private static final int CALLS = 5;
    private static final int PACKETS = 4;
    private static final int BUFFER = HelperCalling.BUFFERS;
    private static final Argument CONTEXT = new Argument.Context();
    private static final List<String> SHOWN = List.of(
            "len", "pkt_type", "protocol", "vlan_present", "vlan_tci", "vlan_proto", "hash", "tstamp", "tstamp_type");

    /** Without the kernel the engines are compared with each other. */
    private static final boolean PERMITTED = KernelObject.permitted(new Diagnostics());

    private final Examination examination = new Examination(Ways.all(), Options.linux());

    private void agree(HelperCalling calling, Random random) {
        agree(calling, random, PACKETS);
    }

    private void agree(HelperCalling calling, Random random, int count) {
        List<ByteString> packets =
                Stream.generate(() -> packet(random)).limit(count).toList();
        assertThat(examination.examine(calling.on(packets)))
                .as(calling + "\non " + packets)
                .isInstanceOfSatisfying(
                        Examination.Result.Agreed.class,
                        agreed ->
                                assertThat(agreed.declined().contains("kernel")).isEqualTo(!PERMITTED));
    }

    private static ByteString packet(Random random) {
        byte[] bytes = new byte[random.nextInt(8) == 0 ? 14 + random.nextInt(8) : 34 + random.nextInt(100)];
        random.nextBytes(bytes);
        int[] types = {0x0800, 0x0800, 0x86dd, 0x86dd, 0x8100, 0x88a8, 0x0806, 0x0100};
        int at = 12;
        int type = types[random.nextInt(types.length)];
        while (at + 2 <= bytes.length) {
            bytes[at] = (byte) (type >> 8);
            bytes[at + 1] = (byte) type;
            if (type != 0x8100 && type != 0x88a8) {
                break;
            }
            at += 4;
            type = types[random.nextInt(types.length)];
        }
        return ByteString.copyOf(bytes);
    }

    private static Argument drawn(Random random, long... often) {
        return number(often[random.nextInt(often.length)]);
    }

    private static Argument small(Random random) {
        return number(random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(90) - 20);
    }

    @RepeatedTest(4)
    void classifiers_reshape_packets(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int program = 0; program < PROGRAMS / 4; program++) {
            HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
            for (int call = 0; call < CALLS; call++) {
                reshape(calling, random);
                SHOWN.forEach(
                        field -> calling.note(ContextLayout.SK_BUFF.field(field).orElseThrow()));
                calling.call(
                        HelperFunction.SKB_LOAD_BYTES_RELATIVE,
                        CONTEXT,
                        number(0),
                        memory(BUFFER + 64 * call),
                        number(12),
                        number(call % 2));
            }
            agree(calling, random);
        }
    }

    @Test
    void tunnels_are_named() {
        HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
        byte[] labelled = new byte[44];
        labelled[24] = 1;
        byte[] extended = new byte[44];
        extended[22] = 1;
        calling.holds(BUFFER + 64, labelled).holds(BUFFER + 128, extended);
        calling.call(HelperFunction.SKB_SET_TUNNEL_OPT, CONTEXT, memory(BUFFER), number(8));
        for (int key : new int[] {BUFFER, BUFFER + 64, BUFFER + 128}) {
            for (int size : new int[] {4, 8, 22, 24, 28, 43, 44, 45}) {
                calling.call(HelperFunction.SKB_SET_TUNNEL_KEY, CONTEXT, memory(key), number(size), number(size & 1));
            }
            for (int flags : new int[] {0, 1, 2, 0x1f, 0x20}) {
                calling.call(HelperFunction.SKB_SET_TUNNEL_KEY, CONTEXT, memory(key), number(44), number(flags));
            }
        }
        for (int size : new int[] {1, 4, 252, 255, 256, 260}) {
            calling.call(HelperFunction.SKB_SET_TUNNEL_OPT, CONTEXT, memory(BUFFER), number(size));
        }
        agree(calling, new Random(8));
    }

    @Test
    void packets_are_cut() {
        Random random = new Random(6);
        for (int length : new int[] {0, 13, 14, 20, 33, 34}) {
            agree(
                    new HelperCalling(ProgramType.SCHED_CLS)
                            .call(HelperFunction.SKB_CHANGE_TAIL, CONTEXT, number(length), number(0))
                            .call(HelperFunction.SKB_CHANGE_TAIL, CONTEXT, number(60), number(0)),
                    random);
        }
    }

    @Test
    void a_packet_grows_to_its_limit() {
        HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS)
                .call(HelperFunction.SKB_CHANGE_TAIL, CONTEXT, number(16_064), number(0))
                .call(HelperFunction.SKB_ADJUST_ROOM, CONTEXT, number(4), number(1), number(0))
                .call(HelperFunction.SKB_CHANGE_HEAD, CONTEXT, number(1), number(0))
                .call(HelperFunction.SKB_VLAN_PUSH, CONTEXT, number(0x0081), number(7))
                .call(HelperFunction.SKB_VLAN_PUSH, CONTEXT, number(0x0081), number(8))
                .call(HelperFunction.SKB_CHANGE_TAIL, CONTEXT, number(100), number(0))
                .call(HelperFunction.SKB_ADJUST_ROOM, CONTEXT, number(4095), number(1), number(0))
                .call(HelperFunction.SKB_ADJUST_ROOM, CONTEXT, number(4095), number(0), number(0))
                .call(HelperFunction.SKB_CHANGE_HEAD, CONTEXT, number(200), number(0))
                .call(HelperFunction.SKB_CHANGE_TAIL, CONTEXT, number(300), number(0));
        agree(calling, new Random(5));
    }

    /** One call. None cuts headers off: what a later call then moves in their place is nobody's, here and there. */
    private static void reshape(HelperCalling calling, Random random) {
        Argument bit = drawn(random, 0, 0, 0, 0, 0, 1);
        switch (random.nextInt(13)) {
            case 0 ->
                calling.call(HelperFunction.SKB_CHANGE_HEAD, CONTEXT, drawn(random, 0, 1, 4, 14, 300, 17000, -1), bit);
            case 1 ->
                calling.call(
                        HelperFunction.SKB_CHANGE_TAIL, CONTEXT, drawn(random, 13, 70, 75, 500, 16065, 70000), bit);
            case 2 -> calling.call(HelperFunction.SKB_CHANGE_PROTO, CONTEXT, drawn(random, 0x0008, 0xdd86, 0), bit);
            case 3 ->
                calling.call(HelperFunction.SKB_CHANGE_TYPE, CONTEXT, drawn(random, 0, 1, 2, 3, 4, 0x1_0000_0000L));
            case 4, 5, 6 -> {
                // Few flags at once are more often allowed.
                int some = random.nextInt(512);
                int others = random.nextInt(512);
                long flags = random.nextBoolean() ? 0 : some & others;
                if (random.nextInt(4) == 0) {
                    flags |= 14L << 56 | 1 << 6;
                }
                calling.call(
                        HelperFunction.SKB_ADJUST_ROOM,
                        CONTEXT,
                        drawn(random, 0, 4, 8, 20, 28, 50, 4096, -4, -20, -40, -60, Integer.MIN_VALUE),
                        drawn(random, 0, 1, 1, 0, 2),
                        number(flags));
            }
            case 7, 8 ->
                calling.call(
                        HelperFunction.SKB_VLAN_PUSH,
                        CONTEXT,
                        drawn(random, 0x0081, 0xa888, 0, 0x1234),
                        drawn(random, 5, 0xffff, 0));
            case 9 -> calling.call(HelperFunction.SKB_VLAN_POP, CONTEXT);
            case 10 -> {
                calling.call(HelperFunction.CSUM_LEVEL, CONTEXT, drawn(random, 0, 1, 2, 3, 4, -1));
                calling.call(HelperFunction.SET_HASH, CONTEXT, small(random));
                calling.call(HelperFunction.GET_HASH_RECALC, CONTEXT);
            }
            case 11 -> {
                calling.call(HelperFunction.SKB_ECN_SET_CE, CONTEXT);
                calling.call(HelperFunction.CSUM_UPDATE, CONTEXT, small(random));
                calling.call(HelperFunction.SKB_SET_TSTAMP, CONTEXT, drawn(random, 0, 77), drawn(random, 0, 1, 2, 3));
            }
            default -> {
                calling.holds(BUFFER + 512, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
                calling.call(
                        HelperFunction.SKB_STORE_BYTES,
                        CONTEXT,
                        small(random),
                        memory(BUFFER + 512),
                        drawn(random, 1, 2, 8),
                        bit);
                calling.call(HelperFunction.SKB_PULL_DATA, CONTEXT, drawn(random, 0, 10, 60, 1000));
            }
        }
    }

    @RepeatedTest(2)
    void classifiers_sum(RepetitionInfo repetition) {
        Random random = new Random(100 + repetition.getCurrentRepetition());
        for (int program = 0; program < PROGRAMS / 8; program++) {
            HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
            byte[] some = new byte[64];
            random.nextBytes(some);
            calling.holds(BUFFER, some);
            for (int call = 0; call < 2 * CALLS; call++) {
                switch (random.nextInt(3)) {
                    case 0 ->
                        calling.call(
                                HelperFunction.L3_CSUM_REPLACE,
                                CONTEXT,
                                small(random),
                                drawn(random, 0, 0x1234, 0x12345678),
                                drawn(random, 0, 0xffff, 0xabcdef01L),
                                drawn(random, 0, 2, 4, 1, 0x10));
                    case 1 ->
                        calling.call(
                                HelperFunction.L4_CSUM_REPLACE,
                                CONTEXT,
                                small(random),
                                drawn(random, 0, 0x1234, 0x12345678),
                                drawn(random, 0, 0xffff, 0xabcdef01L),
                                number(random.nextInt(5) | (random.nextInt(16) << 4)));
                    default ->
                        calling.call(
                                HelperFunction.CSUM_DIFF,
                                memory(BUFFER),
                                drawn(random, 0, 4, 16, 3, 64),
                                memory(BUFFER + 8),
                                drawn(random, 0, 4, 16, 6, 32),
                                drawn(random, 0, 0xffff, 0xffffffffL, 0x12345678));
                }
            }
            agree(calling, random);
        }
    }

    @RepeatedTest(2)
    void classifiers_ask(RepetitionInfo repetition) {
        Random random = new Random(200 + repetition.getCurrentRepetition());
        for (int program = 0; program < PROGRAMS / 8; program++) {
            HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
            for (int call = 0; call < CALLS; call++) {
                calling.holds(
                        BUFFER + 64 * call, new byte[] {(byte) random.nextInt(2), 0, (byte) random.nextInt(2), 0});
                calling.call(
                        HelperFunction.CHECK_MTU,
                        CONTEXT,
                        drawn(random, 0, 1, 99_999),
                        memory(BUFFER + 64 * call),
                        drawn(random, 0, 1, 65_600, -20, Integer.MAX_VALUE),
                        drawn(random, 0, 0, 1, 2));
                calling.call(
                        HelperFunction.SKB_LOAD_BYTES,
                        CONTEXT,
                        small(random),
                        memory(BUFFER + 64 * call + 16),
                        drawn(random, 1, 7, 20));
                calling.call(
                        HelperFunction.SKB_LOAD_BYTES_RELATIVE,
                        CONTEXT,
                        small(random),
                        memory(BUFFER + 64 * call + 40),
                        drawn(random, 1, 7, 20),
                        drawn(random, 0, 1, 2));
            }
            calling.call(HelperFunction.SKB_CGROUP_ID, CONTEXT);
            calling.call(HelperFunction.SKB_ANCESTOR_CGROUP_ID, CONTEXT, number(0));
            calling.call(HelperFunction.SKB_ANCESTOR_CGROUP_ID, CONTEXT, number(1));
            calling.call(HelperFunction.GET_CGROUP_CLASSID, CONTEXT);
            calling.call(HelperFunction.SKB_CGROUP_CLASSID, CONTEXT);
            calling.call(HelperFunction.GET_ROUTE_REALM, CONTEXT);
            calling.holds(BUFFER + 900, new byte[] {1, 2, 3});
            calling.call(HelperFunction.SKB_GET_TUNNEL_KEY, CONTEXT, memory(BUFFER + 900), number(28), number(0));
            calling.call(HelperFunction.SKB_GET_TUNNEL_OPT, CONTEXT, memory(BUFFER + 960), number(8));
            calling.call(HelperFunction.GET_NUMA_NODE_ID);
            agree(calling, random);
        }
    }

    @RepeatedTest(2)
    void frames_are_copied_and_moved(RepetitionInfo repetition) {
        Random random = new Random(300 + repetition.getCurrentRepetition());
        for (int program = 0; program < PROGRAMS / 8; program++) {
            HelperCalling calling = new HelperCalling(ProgramType.XDP);
            calling.holds(BUFFER, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            for (int call = 0; call < 2 * CALLS; call++) {
                switch (random.nextInt(6)) {
                    case 0 ->
                        calling.call(
                                HelperFunction.XDP_LOAD_BYTES,
                                CONTEXT,
                                small(random),
                                memory(BUFFER + 64 + 32 * call),
                                drawn(random, 1, 6, 20));
                    case 1 ->
                        calling.call(
                                HelperFunction.XDP_STORE_BYTES,
                                CONTEXT,
                                small(random),
                                memory(BUFFER),
                                drawn(random, 1, 4, 8));
                    case 2 -> calling.call(HelperFunction.XDP_ADJUST_HEAD, CONTEXT, small(random));
                    case 3 -> calling.call(HelperFunction.XDP_ADJUST_TAIL, CONTEXT, small(random));
                    case 4 ->
                        calling.call(HelperFunction.XDP_ADJUST_META, CONTEXT, drawn(random, -4, -8, 0, 4, -300, 2));
                    default ->
                        calling.call(
                                HelperFunction.CHECK_MTU,
                                CONTEXT,
                                drawn(random, 0, 1, 99_999),
                                memory(BUFFER + 16),
                                drawn(random, 0, 1, 65_600, -20),
                                drawn(random, 0, 0, 1));
                }
                calling.call(HelperFunction.XDP_GET_BUFF_LEN, CONTEXT);
            }
            // In front of a later one would be bytes of the one before.
            agree(calling, random, 1);
        }
    }
}
