package dev.turnout.tests.differential;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.Specializer;
import dev.turnout.x86.code.PatchMode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Threads run a program while others set its keys, and one loads and closes it: every run must have gone the way of a value that the
 * key had while it went on, and once {@code set} has returned, of that value or a later one. {@code COUNT MODE…} flips so often in each
 * mode; the script {@code tests/flip-keys} calls it. A torn instruction ends the process.
 */
final class FlipKeys {
    private static final int RUNNERS = 4;
    /** A setter that waits for a loader which does not run waits for the scheduler: so they must meet seldom. */
    private static final int RUNS_OF_A_LOAD = 5_000;

    private static final int RUNS_OF_A_LEASE = 1_000;
    /** The key that both setters set. */
    private static final int SHARED = 3;

    private final Machine machine = Machine.create(new ScriptedWorld(), RUNNERS + 2);
    private final Engine engine;
    private final ExecutableProgram once = executable(FlippedProgram.ONCE);
    private final ExecutableProgram often = executable(FlippedProgram.OFTEN);
    private final List<StepHistory> histories = new ArrayList<>();
    private final AtomicReference<String> wrong = new AtomicReference<>("");
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong loads = new AtomicLong();
    private volatile boolean over;

    private FlipKeys(Engine engine) {
        this.engine = engine;
    }

    private static ExecutableProgram executable(String name) {
        BpfProgram program = ProgramLoader.load(FlippedProgram.object(), name, new Diagnostics())
                .orElseThrow();
        return switch (Verifier.verify(program, Options.linux())) {
            case Verdict.Verified verified -> Specializer.specialize(verified.program());
            case Verdict.Rejected rejected -> throw new IllegalStateException(rejected.toString());
        };
    }

    private RunnableProgram load(ExecutableProgram program) {
        Diagnostics diagnostics = new Diagnostics();
        return engine.load(program, machine, diagnostics)
                .orElseThrow(() -> new IllegalStateException(diagnostics.all().toString()));
    }

    /** Runs, and judges the result by the values that the keys had meanwhile. */
    private void judge(RunnableProgram program, CpuSlots.Lease slot, int[] from, boolean isOnce) {
        int result = (int) program.once(slot);
        int[] values = new int[from.length];
        for (int key = 0; key < values.length; key++) {
            StepHistory history = histories.get(key);
            values[key] = key == SHARED ? 3 : history.between(from[key], history.begun.get());
        }
        if (!FlippedProgram.isRight(result, values, isOnce)) {
            wrong.compareAndSet(
                    "",
                    "a run of `" + program.name() + "` saw " + Integer.toHexString(result) + " while the keys had "
                            + Arrays.toString(values));
        }
        seen.accumulateAndGet(result, (a, b) -> a | b);
        runs.incrementAndGet();
    }

    private int[] done() {
        return histories.stream().mapToInt(history -> history.done.get()).toArray();
    }

    private void run(int number) {
        try (RunnableProgram program = load(number % 2 == 0 ? once : often)) {
            while (!over) {
                // Leases end now and then: until they do, code that was closed must be kept, and patched.
                try (CpuSlots.Lease slot = machine.slots().lease()) {
                    slot.workspace().ownInput();
                    for (int run = 0; run < RUNS_OF_A_LEASE && !over; run++) {
                        judge(program, slot, done(), number % 2 == 0);
                    }
                }
            }
        }
    }

    /** Programs come and go while keys are set: what is loaded after a key was set has its value. */
    private void reload() {
        while (!over) {
            int[] from = done();
            try (CpuSlots.Lease slot = machine.slots().lease()) {
                slot.workspace().ownInput();
                try (RunnableProgram program = load(once)) {
                    for (int run = 0; run < RUNS_OF_A_LOAD && !over; run++) {
                        judge(program, slot, from, true);
                        from = done();
                    }
                }
            }
            loads.incrementAndGet();
        }
    }

    /** Sets some keys that nobody else sets, and the one that others set too. */
    private void set(List<Integer> own, int steps, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] step = new int[histories.size()];
        for (int flip = 0; flip < steps && !over; flip++) {
            int key = own.get(flip % own.size());
            int values = FlippedProgram.VALUES.get(key);
            if (key == SHARED) {
                machine.keys().set(number(key), random.nextInt(values));
                continue;
            }
            StepHistory history = histories.get(key);
            int next = ++step[key];
            history.values[next] = (byte) ((history.values[next - 1] + 1 + random.nextInt(values - 1)) % values);
            history.begun.set(next);
            machine.keys().set(number(key), history.values[next]);
            history.done.set(next);
        }
    }

    private int number(int key) {
        return machine.keys().number(FlippedProgram.KEYS.get(key)).orElseThrow();
    }

    private void guarded(int number, IntConsumer work) {
        try {
            work.accept(number);
        } catch (RuntimeException | Error failure) {
            wrong.compareAndSet("", failure.toString());
            over = true;
        }
    }

    /** What was wrong, or empty; then what was done. */
    private String flip(int count) throws InterruptedException {
        // The first load makes the keys known.
        load(once).close();
        for (int key = 0; key < FlippedProgram.KEYS.size(); key++) {
            histories.add(new StepHistory(count, (int) machine.keys().value(number(key))));
        }
        List<Thread> runners = new ArrayList<>();
        for (int i = 0; i < RUNNERS; i++) {
            int number = i;
            runners.add(Thread.ofPlatform().start(() -> guarded(number, this::run)));
        }
        runners.add(Thread.ofPlatform().start(() -> guarded(0, _ -> reload())));
        List<Thread> setters = List.of(
                Thread.ofPlatform().start(() -> guarded(1, seed -> set(List.of(0, 2, 1, 2, SHARED), count, seed))),
                // Seldom, since whoever waits for the other setter waits until the scheduler thinks of it again.
                Thread.ofPlatform().start(() -> guarded(2, seed -> set(List.of(SHARED), count / 500, seed))));
        for (Thread setter : setters) {
            setter.join();
        }
        over = true;
        for (Thread runner : runners) {
            runner.join();
        }
        agreesAtTheEnd();
        return Objects.requireNonNull(wrong.get());
    }

    /** When all is quiet, every site obeys the value that its key has: no change was lost between two setters. */
    private void agreesAtTheEnd() {
        try (RunnableProgram program = load(once);
                CpuSlots.Lease slot = machine.slots().lease()) {
            slot.workspace().ownInput();
            int[] values = new int[histories.size()];
            for (int key = 0; key < values.length; key++) {
                values[key] = 1 << machine.keys().value(number(key));
            }
            int result = (int) program.once(slot);
            if (!FlippedProgram.isRight(result, values, true)) {
                wrong.compareAndSet("", "at the end " + Integer.toHexString(result) + " is seen");
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int count = Integer.parseInt(args[0]);
        boolean right = true;
        for (String mode : List.of(args).subList(1, args.length)) {
            long start = System.nanoTime();
            FlipKeys all = new FlipKeys(engine(mode));
            String wrong = all.flip(count);
            right &= wrong.isEmpty();
            out.println(mode + ": " + (wrong.isEmpty() ? "right" : wrong) + "; " + (count + count / 500) + " flips, "
                    + all.runs + " runs, "
                    + all.loads + " loads, ways seen " + Integer.toHexString(all.seen.get()) + " of "
                    + Integer.toHexString(FlippedProgram.ALL) + ", " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
        System.exit(right ? 0 : 1);
    }

    /** By the word of a mode, or {@code interp}. */
    private static Engine engine(String word) {
        EngineRow.Availability there =
                PatchMode.ofWord(word).map(EngineRow.DIRECT::availability).orElseGet(EngineRow.INTERP::availability);
        return switch (there) {
            case EngineRow.Availability.Here(Engine here) -> here;
            case EngineRow.Availability.InKernel _, EngineRow.Availability.Absent _ ->
                throw new IllegalStateException("no native code here");
        };
    }
}
