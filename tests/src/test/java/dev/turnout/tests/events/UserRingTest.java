package dev.turnout.tests.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.api.LoadSettings;
import dev.turnout.api.Machine;
import dev.turnout.api.Turnout;
import dev.turnout.api.UserRing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code drains.c}: programs take what Java writes. */
class UserRingTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static Machine load(String engine) throws IOException {
        try (InputStream in = UserRingTest.class.getResourceAsStream("/events/drains.o")) {
            return Turnout.load(
                    Turnout.read(Objects.requireNonNull(in).readAllBytes()),
                    LoadSettings.standard().withEngine(engine));
        }
    }

    private static byte[] record(int head, int bytes) {
        return ByteBuffer.allocate(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(head)
                .array();
    }

    private static long run(Machine machine, String program) {
        return machine.program(program).run(Producers.packet(0)).value();
    }

    private static List<Integer> seen(Machine machine) {
        List<Integer> all = new ArrayList<>();
        machine.events("seen").drain(record -> all.add(record.get(ValueLayout.JAVA_INT_UNALIGNED, 0)));
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void records_are_drained_in_order_until_the_program_has_enough(String engine) throws IOException {
        try (Machine machine = load(engine)) {
            UserRing ring = machine.userRing("messages");
            assertThat(run(machine, "drain")).isZero();
            for (int head : new int[] {7, 8, 1000, 9}) {
                assertThat(ring.offer(record(head, head % 5 + 4))).isTrue();
            }
            assertThat(ring.offer(new byte[2])).isTrue();
            assertThat(ring.pending()).isEqualTo(5);
            assertThat(run(machine, "wrong_flags")).isEqualTo(-22);
            assertThat(run(machine, "drain")).isEqualTo(3);
            assertThat(seen(machine)).containsExactly(7, 8, 1000);
            assertThat(run(machine, "drain")).isEqualTo(2);
            // Of two bytes no four can be read.
            assertThat(seen(machine)).containsExactly(9, -1);
            assertThat(ring.pending()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void a_drain_within_a_drain_is_told_that_the_ring_is_busy(String engine) throws IOException {
        try (Machine machine = load(engine)) {
            UserRing ring = machine.userRing("messages");
            ring.offer(record(5, 4));
            ring.offer(record(6, 4));
            assertThat(run(machine, "nested")).isEqualTo(2);
            assertThat(seen(machine)).containsExactly(5, -16, 6, -16);
            assertThat(run(machine, "drain")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void a_writer_waits_for_room_and_nothing_is_lost(String engine) throws Exception {
        try (Machine machine = load(engine)) {
            UserRing ring = machine.userRing("messages");
            assertThatThrownBy(() -> ring.offer(new byte[4090])).isInstanceOf(IllegalArgumentException.class);
            int count = 3000;
            FutureTask<Boolean> writer = new FutureTask<>(() -> {
                boolean all = true;
                for (int i = 0; i < count; i++) {
                    all &= ring.offer(record(2000 + i, 4 + i % 90), LONG);
                }
                return all;
            });
            Thread.ofPlatform().start(writer);
            List<Integer> taken = new ArrayList<>();
            while (taken.size() < count) {
                run(machine, "drain");
                taken.addAll(seen(machine));
            }
            assertThat(writer.get()).isTrue();
            assertThat(taken)
                    .isEqualTo(IntStream.range(2000, 2000 + count).boxed().toList());
            assertThat(ring.offer(new byte[4088])).isTrue();
            assertThat(ring.offer(new byte[0])).isFalse();
        }
    }
}
