package dev.turnout.tests.events;

import dev.turnout.api.Machine;
import dev.turnout.api.ProgramEvents;
import dev.turnout.api.Runner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Programs on some threads write records, one thread takes them: none is lost that was not reported, none comes twice or torn, and
 * those of a producer come in their order. Run by {@code tests/flood-events} and, for a share, by {@link EventFloodTest}.
 */
final class EventFlood {
    private static final int PRODUCERS = 4;
    /** How long a producer lets the consumer catch up: without, most records would be lost, and nothing be tried. */
    private static final long BREATH_NANOS = 200_000;

    private final Machine machine;
    private final String program;
    private final ProgramEvents events;
    private final long[] next = new long[Producers.MOST];
    private final long[] missing = new long[Producers.MOST];
    private long taken;

    private EventFlood(Machine machine, String program, String map) {
        this.machine = machine;
        this.program = program;
        this.events = machine.events(map);
    }

    /** What happened, in a line. */
    static String flood(String engine, String program, String map, long records)
            throws IOException, InterruptedException {
        try (Machine machine = Producers.load(engine, PRODUCERS)) {
            return new EventFlood(machine, program, map).run(records);
        }
    }

    private String run(long records) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger running = new AtomicInteger(PRODUCERS);
        List<Thread> threads = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int me = producer;
            threads.add(Thread.ofPlatform().start(() -> {
                try (Runner runner = machine.program(program).runner()) {
                    long lost = 0;
                    for (long done = 0; done < records / PRODUCERS; done += Producers.BATCH) {
                        runner.run(Producers.packet(me));
                        if (events.lost() != lost) {
                            lost = events.lost();
                            LockSupport.parkNanos(BREATH_NANOS);
                        }
                    }
                } catch (RuntimeException | Error wrong) {
                    failure.set(wrong);
                } finally {
                    running.decrementAndGet();
                }
            }));
        }
        while (running.get() > 0) {
            events.poll(Duration.ofMillis(10), record -> take(Producers.Numbered.of(record)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        events.drain(record -> take(Producers.Numbered.of(record)));
        if (failure.get() != null) {
            throw new AssertionError("a producer failed", failure.get());
        }
        return settle(records);
    }

    private void take(Producers.Numbered record) {
        demand(record.whole(), "a torn record: " + record);
        int producer = record.producer();
        demand(record.number() >= next[producer], "out of order: " + record + " after " + next[producer]);
        missing[producer] += record.number() - next[producer];
        next[producer] = record.number() + 1;
        taken++;
    }

    private String settle(long records) {
        long failed = 0;
        long written = 0;
        for (int producer = 0; producer < PRODUCERS; producer++) {
            long[] state = Producers.state(machine, producer);
            // Behind the last record that came, others may have failed.
            long gone = missing[producer] + state[0] - next[producer];
            demand(gone == state[1], "producer " + producer + ": " + gone + " are missing, " + state[1] + " failed");
            written += state[0];
            failed += state[1];
        }
        demand(failed == events.lost(), failed + " failed, " + events.lost() + " are reported as lost");
        demand(taken + failed == written, taken + " taken and " + failed + " lost of " + written);
        demand(written > records / 2, "only " + written + " written");
        return program + ": " + taken + " taken, " + failed + " lost and reported, " + written + " in all";
    }

    private static void demand(boolean so, String otherwise) {
        if (!so) {
            throw new AssertionError(otherwise);
        }
    }

    /** Arguments: how many records, and the engine. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long records = Long.parseLong(arguments[0]);
        for (String program : List.of("reserve", "output")) {
            IO.println(flood(arguments[1], program, "ring", records));
        }
        IO.println(flood(arguments[1], "perf_output", "perf", records));
    }
}
