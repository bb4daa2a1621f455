package dev.turnout.tests.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.api.Machine;
import dev.turnout.api.ProgramEvents;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of programs, taken through the Java API. */
class ProgramEventsTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void records_come_in_their_order_without_those_that_were_discarded(String engine) throws IOException {
        try (Machine machine = Producers.load(engine, 1)) {
            ProgramEvents events = machine.events("ring");
            assertThat(events.drain(_ -> {})).isZero();
            machine.program("reserve").run(Producers.packet(3));
            assertThat(events.pending()).isEqualTo(55);
            List<Producers.Numbered> all = new ArrayList<>();
            assertThat(events.drain(record -> all.add(Producers.Numbered.of(record)), 5))
                    .isEqualTo(5);
            assertThat(events.drain(record -> all.add(Producers.Numbered.of(record))))
                    .isEqualTo(50);
            assertThat(all).allMatch(Producers.Numbered::whole).allMatch(one -> one.producer() == 3);
            assertThat(all)
                    .extracting(Producers.Numbered::number)
                    .startsWith(0L, 1L, 2L)
                    .isSorted()
                    .endsWith(54L);
            assertThat(events.lost()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void what_finds_no_room_is_counted(String engine) throws IOException {
        try (Machine machine = Producers.load(engine, 1)) {
            ProgramEvents events = machine.events("ring");
            for (int i = 0; i < 50; i++) {
                machine.program("output").run(Producers.packet(0));
            }
            // A record takes 24 bytes of the 65536, and one byte stays free.
            assertThat(events.lost()).isEqualTo(50 * 64 - 2730);
            assertThat(events.drain(_ -> {})).isEqualTo(2730);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void perf_events_are_written_once_somebody_has_opened_them(String engine) throws IOException, InterruptedException {
        try (Machine machine = Producers.load(engine, 2)) {
            assertThat(machine.program("with_packet").run(Producers.packet(7)).value())
                    .isEqualTo(-2L);
            ProgramEvents events = machine.events("perf");
            assertThat(machine.program("with_packet").run(Producers.packet(7)).value())
                    .isZero();
            assertThat(events.take(NOW)).hasValue(new byte[] {4, 3, 2, 1, 7});
            assertThat(events.take(NOW)).isEmpty();
        }
    }

    @Test
    void a_wait_ends_with_the_first_record() throws Exception {
        try (Machine machine = Producers.load("interp", 1)) {
            ProgramEvents events = machine.events("ring");
            FutureTask<Integer> taken = new FutureTask<>(() -> events.poll(LONG, _ -> {}));
            Thread.ofPlatform().start(taken);
            machine.program("output").run(Producers.packet(0));
            int first = taken.get();
            assertThat(first).isPositive();
            assertThat(first + events.drain(_ -> {})).isEqualTo(64);
        }
    }

    @Test
    void a_stream_gives_what_is_asked_of_it_and_ends_with_the_machine() throws Exception {
        FutureTask<Long> reader;
        CountDownLatch begun = new CountDownLatch(3);
        try (Machine machine = Producers.load("direct", 2)) {
            ProgramEvents events = machine.events("ring");
            machine.program("output").run(Producers.packet(0));
            try (Stream<Producers.Numbered> stream = events.stream(Producers.Numbered::of)) {
                assertThat(stream.limit(60)
                                .mapToLong(Producers.Numbered::number)
                                .sum())
                        .isEqualTo(59 * 30);
            }
            assertThat(events.pending()).isEqualTo(4);
            reader = new FutureTask<>(() -> events.stream(Producers.Numbered::of)
                    .peek(_ -> begun.countDown())
                    .count());
            Thread.ofPlatform().start(reader);
            begun.await();
        }
        assertThat(reader.get()).isBetween(3L, 4L);
    }

    @Test
    void a_wait_ends_when_the_machine_is_closed_or_the_thread_interrupted() throws Exception {
        FutureTask<Integer> waiting;
        try (Machine machine = Producers.load("interp", 1)) {
            ProgramEvents events = machine.events("ring");
            waiting = new FutureTask<>(() -> events.poll(LONG, _ -> {}));
            Thread.ofPlatform().start(waiting);
            FutureTask<Integer> interrupted = new FutureTask<>(() -> events.poll(LONG, _ -> {}));
            Thread thread = Thread.ofPlatform().start(interrupted);
            thread.interrupt();
            assertThatThrownBy(interrupted::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        }
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_record_is_seen_by_its_use_alone() throws IOException {
        try (Machine machine = Producers.load("interp", 1)) {
            ProgramEvents events = machine.events("ring");
            machine.program("output").run(Producers.packet(0));
            AtomicReference<MemorySegment> kept = new AtomicReference<>();
            assertThat(events.drain(kept::set, 1)).isEqualTo(1);
            assertThatThrownBy(() -> Objects.requireNonNull(kept.get()).get(ValueLayout.JAVA_BYTE, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> events.drain(record -> record.set(ValueLayout.JAVA_BYTE, 0, (byte) 1), 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> events.drain(_ -> events.drain(_ -> {}), 1))
                    .isInstanceOf(IllegalStateException.class);
            Runnable close = machine::close;
            assertThatThrownBy(() -> events.drain(_ -> close.run(), 1)).isInstanceOf(IllegalStateException.class);
            // The uses that threw have lost a record each.
            assertThat(events.pending()).isEqualTo(60);
        }
    }

    @Test
    void there_are_no_events_of_other_maps_and_closed_machines() throws IOException {
        Machine machine = Producers.load("interp", 1);
        ProgramEvents events = machine.events("ring");
        assertThatThrownBy(() -> machine.events("states")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> machine.events("none")).isInstanceOf(NoSuchElementException.class);
        machine.close();
        assertThatThrownBy(() -> events.drain(_ -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(events::lost).isInstanceOf(IllegalStateException.class);
        assertThat(events.stream(Producers.Numbered::of)).isEmpty();
    }
}
