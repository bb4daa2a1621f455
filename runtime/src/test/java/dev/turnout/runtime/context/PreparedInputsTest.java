package dev.turnout.runtime.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PreparedInputs.Placed;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PreparedInputsTest {
    private static final PacketFeed FEED = new PacketFeed(false);

    private static byte[] frame(int length, int seed) {
        byte[] frame = new byte[length];
        Arrays.fill(frame, (byte) seed);
        return frame;
    }

    @Test
    void a_prepared_packet_is_fed_as_a_workspace_feeds_it() {
        try (PreparedInputs inputs = PreparedInputs.of(2, 1000, true);
                Workspace workspace = Workspace.create().orElseThrow()) {
            for (ProgramType type :
                    new ProgramType[] {ProgramType.XDP, ProgramType.SCHED_CLS, ProgramType.CGROUP_SKB}) {
                byte[] frame = frame(100, 7);
                frame[12] = 8;
                frame[13] = 0;
                assertThat(inputs.addPacket(FEED, type, frame)).isEqualTo(Placed.READY);
                assertThat(FEED.feed(workspace, type, frame)).isTrue();
                InputDescriptor ours = inputs.input(inputs.count() - 1);
                InputDescriptor theirs = workspace.input();
                assertThat(ours.packet()).isEqualTo(theirs.packet());
                assertThat(ours.layout()).isEqualTo(theirs.layout());
                assertThat(ours.data() - ours.hardStart()).isEqualTo(theirs.data() - theirs.hardStart());
                assertThat(ours.hardEnd() - ours.data()).isEqualTo(theirs.hardEnd() - theirs.data());
                // Contexts differ by the addresses in them alone.
                ours.movePacket(0, 0, 0);
                theirs.movePacket(0, 0, 0);
                if (type.context() == ContextLayout.SK_BUFF) {
                    ours.field("sk", 0);
                    theirs.field("sk", 0);
                }
                assertThat(ours.contextBytes()).isEqualTo(theirs.contextBytes());
            }
        }
    }

    @Test
    void all_room_around_packets_is_theirs_alone_and_low() {
        try (PreparedInputs inputs = PreparedInputs.of(300, 300 * 100, true)) {
            long behind = Long.MAX_VALUE;
            for (int i = 0; i < 300; i++) {
                assertThat(inputs.addPacket(FEED, ProgramType.XDP, frame(60 + i, i)))
                        .isEqualTo(Placed.READY);
                InputDescriptor input = inputs.input(i);
                assertThat(input.hardStart()).isGreaterThanOrEqualTo(input.context() + input.contextSize());
                assertThat(input.hardEnd()).isLessThanOrEqualTo(behind);
                assertThat(input.hardEnd() - input.hardStart()).isGreaterThanOrEqualTo(PacketFeed.FRAME_ROOM);
                assertThat(input.hardEnd()).isLessThan(1L << 32);
                behind = input.context();
            }
            for (int i = 0; i < 300; i++) {
                assertThat(inputs.input(i).packet()).isEqualTo(frame(60 + i, i));
            }
        }
    }

    @Test
    void a_capture_larger_than_the_room_comes_in_fillings_that_see_nothing_of_each_other() {
        try (PreparedInputs inputs = PreparedInputs.of(1_000_000, 1_000_000_000, false)) {
            int placed = 0;
            while (inputs.addPacket(FEED, ProgramType.XDP, frame(1500, -1)) == Placed.READY) {
                placed++;
            }
            assertThat((long) placed * 1500).isBetween(PreparedInputs.ROOM * 3 / 4, PreparedInputs.ROOM);
            long first = inputs.input(0).data();
            inputs.clear();
            assertThat(inputs.count()).isZero();
            assertThat(Memory.loadLong(first)).isZero();
            assertThat(inputs.addPacket(FEED, ProgramType.XDP, frame(60, 1))).isEqualTo(Placed.READY);
        }
    }

    @Test
    void memory_is_an_argument_and_no_memory_is_none_but_a_context_is_never_null() {
        try (PreparedInputs inputs = PreparedInputs.of(4, 100, false)) {
            inputs.addMemory(new byte[0]);
            inputs.addMemory(new byte[] {1, 2});
            inputs.addContext(FEED, ProgramType.CGROUP_DEVICE, ByteString.EMPTY, ByteString.EMPTY);
            assertThat(inputs.input(0).argument()).isZero();
            assertThat(inputs.input(1).argument()).isEqualTo(inputs.input(1).context());
            assertThat(inputs.input(1).output()).containsExactly(1, 2);
            assertThat(inputs.input(2).argument()).isNotZero();
            assertThat(inputs.addMemory(new byte[Workspace.CONTEXT_ROOM + 1])).isEqualTo(Placed.REFUSED);
            assertThat(inputs.addMemory(new byte[Workspace.CONTEXT_ROOM])).isEqualTo(Placed.READY);
        }
    }
}
