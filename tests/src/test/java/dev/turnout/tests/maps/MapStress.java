package dev.turnout.tests.maps;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.tests.golden.Stages;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Eight threads run a program of {@code stress/} on one map, and a host works on the map too: {@code KIND OPS [ENGINE...]}, kind by kind
 * if it is {@code all}, so many operations of each thread. Says what was wrong: what a program or the host saw that must not be, what does not add up in the end, a thread that
 * does not come on any more.
 */
final class MapStress {
    private static final int THREADS = 8;
    private static final int RUNS_OF_A_LEASE = 500;
    /** Of a run, as the programs have it. */
    private static final int STEPS = 100;

    private static final long WATCH_MILLIS = 1_000;

    /** So often nothing may have happened when it is looked. */
    private static final int PATIENCE = 60;

    private final StressCase kind;
    private final long operations;
    private final Machine machine = Machine.create(new ScriptedWorld(), THREADS);
    private final RunnableProgram program;
    private final StressSubject maps = new StressSubject(machine);
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong hostDone = new AtomicLong();
    private final AtomicReference<String> wrong = new AtomicReference<>("");
    /** Nobody begins before all are there: a short share would be over before the last has come. */
    private final CountDownLatch missing = new CountDownLatch(THREADS + 1);

    private volatile boolean over;

    private MapStress(StressCase kind, long operations, EngineRow row) {
        this.kind = kind;
        this.operations = operations;
        if (!(row.availability() instanceof EngineRow.Availability.Here(var engine))) {
            throw new IllegalStateException("`" + row.word() + "` does not run in this process");
        }
        BpfObject object = Stages.compilationOf(kind.word() + ".turn", source(kind.word()))
                .generated()
                .orElseThrow(() -> new IllegalStateException("the program does not compile"))
                .object();
        Diagnostics diagnostics = new Diagnostics();
        this.program = ProgramLoader.load(object, "work", diagnostics)
                .flatMap(proven -> Loader.linux(engine).load(proven, machine, diagnostics))
                .orElseThrow(() -> new IllegalStateException(diagnostics.all().toString()));
    }

    private static String source(String kind) {
        StringBuilder text = new StringBuilder();
        for (String part : List.of("common", kind, "run")) {
            try (InputStream in = MapStress.class.getResourceAsStream("/stress/" + part + ".turn")) {
                text.append(new String(Objects.requireNonNull(in, part).readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException(part, e);
            }
        }
        return text.toString();
    }

    private void run(int slot) {
        for (long runs = 0; runs < operations / STEPS && !over; ) {
            // Leases end now and then: what waits for them to end must come to its turn.
            try (CpuSlots.Lease lease = machine.slots().lease(slot)) {
                lease.workspace().ownInput();
                for (int i = 0; i < RUNS_OF_A_LEASE && runs < operations / STEPS && !over; i++) {
                    program.once(lease);
                    runs++;
                    done.getAndAdd(STEPS);
                }
            }
        }
    }

    private void host() {
        SplittableRandom random = new SplittableRandom(1);
        while (!over) {
            kind.update(maps, random);
            hostDone.incrementAndGet();
        }
    }

    private Thread start(Runnable work) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                missing.countDown();
                missing.await();
                work.run();
            } catch (RuntimeException | Error | InterruptedException failure) {
                StackTraceElement[] trace = failure.getStackTrace();
                wrong.compareAndSet("", failure + (trace.length > 1 ? " at " + trace[1] : ""));
                over = true;
            }
        });
    }

    /** What was wrong, or empty. */
    private String stress() throws InterruptedException {
        maps.begin(operations);
        kind.begin(maps);
        List<Thread> runners = new ArrayList<>();
        for (int slot = 0; slot < THREADS; slot++) {
            int own = slot;
            runners.add(start(() -> run(own)));
        }
        Thread host = start(this::host);
        if (!allEnd(runners)) {
            return "no thread came on for " + PATIENCE * WATCH_MILLIS / 1_000 + " s";
        }
        over = true;
        host.join();
        if (Objects.requireNonNull(wrong.get()).isEmpty()) {
            List<String> mistakes = maps.mistakes();
            kind.verdict(maps).ifPresent(mistakes::add);
            wrong.set(String.join("; ", mistakes));
        }
        return Objects.requireNonNull(wrong.get());
    }

    /** Waits for all; false if none of them does anything for too long. */
    private boolean allEnd(List<Thread> runners) throws InterruptedException {
        long last = -1;
        int idle = 0;
        for (Thread runner : runners) {
            while (!runner.join(Duration.ofMillis(WATCH_MILLIS))) {
                long now = done.get();
                idle = now == last ? idle + 1 : 0;
                last = now;
                if (idle >= PATIENCE) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isRight(StressCase kind, long operations, EngineRow row, PrintStream out)
            throws InterruptedException {
        MapStress all = new MapStress(kind, operations, row);
        long start = System.nanoTime();
        String wrong = all.stress();
        out.println(kind.word() + " on " + row.word() + ": " + (wrong.isEmpty() ? "right" : wrong) + "; "
                + all.done.get() + " operations of " + THREADS + " threads, " + all.hostDone.get() + " of the host, "
                + all.maps.retried() + " looked again, " + (System.nanoTime() - start) / 1_000_000 + " ms");
        if (wrong.isEmpty()) {
            all.program.close();
            all.machine.close();
        }
        return wrong.isEmpty();
    }

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<StressCase> kinds = args[0].equals("all")
                ? List.of(StressCase.values())
                : List.of(StressCase.named(args[0])
                        .orElseThrow(() -> new IllegalArgumentException("no program for maps of kind " + args[0])));
        boolean right = true;
        for (String word : args.length > 2 ? List.of(args).subList(2, args.length) : List.of("direct")) {
            EngineRow row = EngineRow.named(word, new Diagnostics()).orElseThrow();
            for (StressCase kind : kinds) {
                right &= isRight(kind, Long.parseLong(args[1]), row, out);
            }
        }
        System.exit(right ? 0 : 1);
    }
}
