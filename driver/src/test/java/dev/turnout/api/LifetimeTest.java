package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.map.Datum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On every engine that runs here: what is used too late must never reach native code. */
@Timeout(60)
@ParameterizedClass
@MethodSource("engines")
class LifetimeTest {
    private static final MemorySegment PACKET = Texts.packet("0500");

    private final String engine;

    LifetimeTest(String engine) {
        this.engine = engine;
    }

    static Stream<String> engines() {
        return Arrays.stream(EngineRow.values())
                .filter(row -> row.availability() instanceof EngineRow.Availability.Here)
                .map(EngineRow::word);
    }

    private Machine machine(LoadSettings settings) {
        return Turnout.load(Turnout.compile("counter.turn", Texts.COUNTER), settings.withEngine(engine));
    }

    @Test
    void nothing_can_be_used_after_closing() {
        Machine machine = machine(LoadSettings.standard());
        Program program = machine.program("counter");
        ProgramMap map = machine.map("seen");
        ProgramKey key = machine.key("mode");
        machine.close();
        machine.close();
        assertThatIllegalStateException().isThrownBy(() -> program.run(PACKET));
        assertThatIllegalStateException().isThrownBy(() -> program.runAll(List.of(PACKET), 1));
        assertThatIllegalStateException().isThrownBy(program::runner);
        assertThatIllegalStateException().isThrownBy(() -> map.get(new byte[4]));
        assertThatIllegalStateException().isThrownBy(map::json);
        assertThatIllegalStateException().isThrownBy(() -> key.set("drop"));
        assertThatIllegalStateException().isThrownBy(key::value);
    }

    @Test
    void a_machine_stays_while_a_runner_is_open() {
        try (Machine machine = machine(LoadSettings.standard())) {
            try (Runner runner = machine.program("counter").runner()) {
                assertThatIllegalStateException().isThrownBy(machine::close).withMessageContaining("1 of its runners");
                assertThat(runner.run(PACKET)).isEqualTo(2);
                assertThat(runner.run()).isEqualTo(2);
                assertThat(machine.map("seen").get(Datum.of(5))).contains(Datum.of(2));
            }
        }
    }

    @Test
    void a_runner_says_what_is_wrong() throws Exception {
        try (Machine machine = machine(LoadSettings.standard())) {
            Runner runner = machine.program("counter").runner();
            assertThatIllegalStateException().isThrownBy(runner::run).withMessageContaining("fed nothing");
            runner.run(PACKET);
            MemorySegment output = runner.output();
            assertThat(output.toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 0);
            assertThat(output.isReadOnly()).isTrue();
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                other.submit(() -> {
                            assertThatThrownBy(runner::run).isInstanceOf(WrongThreadException.class);
                            assertThatThrownBy(() -> runner.feed(PACKET)).isInstanceOf(WrongThreadException.class);
                            assertThatThrownBy(runner::close).isInstanceOf(WrongThreadException.class);
                        })
                        .get();
            }
            runner.close();
            runner.close();
            assertThatIllegalStateException().isThrownBy(runner::run).withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(() -> output.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void what_would_wait_for_itself_is_refused() {
        AtomicReference<Consumer<Machine>> inRun = new AtomicReference<>(machine -> {});
        AtomicReference<@Nullable Machine> here = new AtomicReference<>();
        List<String> refused = new ArrayList<>();
        LoadSettings settings = LoadSettings.standard()
                .withSlots(2)
                .withKey("loud", "true")
                .withOutput(line -> {
                    try {
                        Objects.requireNonNull(inRun.get()).accept(Objects.requireNonNull(here.get()));
                    } catch (IllegalStateException state) {
                        refused.add(state.getMessage());
                    }
                });
        try (Machine machine = machine(settings);
                Runner runner = machine.program("counter").runner()) {
            here.set(machine);
            inRun.set(_ -> runner.run());
            runner.run(PACKET);
            inRun.set(_ -> runner.feed(PACKET));
            runner.run(PACKET);
            AutoCloseable closing = runner;
            inRun.set(_ -> close(closing));
            runner.run(PACKET);
            inRun.set(Machine::close);
            runner.run(PACKET);
            machine.program("counter").run(PACKET);
            inRun.set(one -> one.program("counter").run(PACKET));
            machine.program("counter").run(PACKET);
        }
        assertThat(refused)
                .containsExactly(
                        "the runner is in a run",
                        "the runner is in a run",
                        "the runner is in a run",
                        "the machine cannot be closed: 1 of its runners are open",
                        "a machine cannot be closed from within one of its runs",
                        "a run cannot begin within a run of the same machine and thread");
    }

    /** As a caller may do who is not the one that opened it. */
    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    @Test
    void nobody_waits_when_runners_hold_all_slots() {
        try (Machine machine = machine(LoadSettings.standard().withSlots(1));
                Runner _ = machine.program("counter").runner()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> machine.program("counter").runner())
                    .withMessageContaining("all 1 slots");
            assertThatIllegalStateException()
                    .isThrownBy(() -> machine.program("counter").run(PACKET));
        }
    }

    @Test
    void what_the_output_throws_ends_the_run_and_nothing_else() {
        LoadSettings settings = LoadSettings.standard().withKey("loud", "true").withOutput(line -> {
            throw new java.util.MissingResourceException(line, "", "");
        });
        try (Machine machine = machine(settings);
                Runner runner = machine.program("counter").runner()) {
            assertThatThrownBy(() -> runner.run(PACKET)).isInstanceOf(java.util.MissingResourceException.class);
            assertThatThrownBy(() -> machine.program("counter").run(PACKET))
                    .isInstanceOf(java.util.MissingResourceException.class);
            machine.key("loud").set(false);
            assertThat(runner.run(PACKET)).isEqualTo(2);
            assertThat(machine.program("counter").run(PACKET).value()).isEqualTo(2);
        }
    }

    @Test
    void closing_waits_for_runs() throws Exception {
        CountDownLatch inRun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Machine machine =
                machine(LoadSettings.standard().withKey("loud", "true").withOutput(line -> {
                    inRun.countDown();
                    await(goOn);
                }));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<RunResult> run =
                    threads.submit(() -> machine.program("counter").run(PACKET));
            await(inRun);
            Future<?> close = threads.submit(machine::close);
            assertThatThrownBy(() -> close.get(50, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            goOn.countDown();
            assertThat(run.get().verdict()).isEqualTo("XDP_PASS");
            close.get();
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> machine.program("counter").run(PACKET));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void threads_that_run_while_another_closes_end_with_a_state_error_at_worst() throws Exception {
        for (int round = 0; round < 20; round++) {
            Machine machine = machine(LoadSettings.standard().withSlots(4));
            CountDownLatch started = new CountDownLatch(3);
            List<Callable> users = List.of(
                    () -> machine.program("counter").run(PACKET),
                    () -> machine.map("rules").put(Datum.of(1), new Datum.Text("0000000000000000")),
                    () -> {
                        try (Runner runner = machine.program("counter").runner()) {
                            runner.run(PACKET);
                        }
                    });
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                List<Future<?>> all = new ArrayList<>();
                for (Callable user : users) {
                    all.add(threads.submit(() -> {
                        started.countDown();
                        try {
                            while (true) {
                                user.call();
                            }
                        } catch (IllegalStateException closed) {
                            assertThat(closed).hasMessageContaining("closed");
                        }
                    }));
                }
                await(started);
                boolean open = true;
                while (open) {
                    try {
                        machine.close();
                        open = false;
                    } catch (IllegalStateException aRunnerIsOpen) {
                        Thread.onSpinWait();
                    }
                }
                for (Future<?> one : all) {
                    one.get();
                }
            }
        }
    }

    private interface Callable {
        void call();
    }

    @Test
    void many_threads_lose_no_count() throws Exception {
        int threads = 6;
        int runs = 2000;
        try (Machine machine = machine(LoadSettings.standard().withSlots(3));
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (int run = 0; run < runs; run++) {
                        machine.program("counter").run(PACKET);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            Datum counts = machine.map("each").get(Datum.of(5)).orElseThrow();
            assertThat(counts).isInstanceOf(Datum.Items.class);
            long sum = ((Datum.Items) counts)
                    .items().stream()
                            .mapToLong(one -> ((Datum.Number) one).value().longValueExact())
                            .sum();
            assertThat(sum).isEqualTo((long) threads * runs);
        }
    }
}
