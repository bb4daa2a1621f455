package dev.turnout.tests.differential;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.LiveTable;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.tests.golden.Stages;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.Specializer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads call through a mutable table while another replaces its rows, and one loads and closes programs that have the table too.
 * Every call must be one of a function that the row held meanwhile, and once {@code set} has returned of that one or a later; each
 * function counts its calls, and the counts must add up to the calls that the runs have made. {@code COUNT ENGINE…} replaces so many
 * rows on each engine; the script {@code tests/replace-rows} calls it. A torn address ends the process.
 */
final class ReplaceRows {
    private static final int RUNNERS = 4;
    private static final int RUNS_OF_A_LOAD = 5_000;
    private static final int RUNS_OF_A_LEASE = 1_000;
    private static final int ROWS = 4;
    private static final int ROUNDS = 100;
    /** Every function in every row. */
    private static final int ALL = 0xffff;
    /** How often rows are replaced beyond what was asked for, until all of that was met: a busy system runs seldom. */
    private static final int PATIENCE = 1_000_000;
    /** By their bits in a row's part of a result: nothing, and the candidates. */
    private static final List<String> HELD = List.of("", "one", "two", "three");

    private static final String ONCE = "once";
    private static final String OFTEN = "often";

    /** A result has four bits for each row: which of {@link #HELD} the run met there. */
    private static final String SOURCE = """
            var calls: [4]u64;
            alias Step = fn(u32) -> u32;
            @noinline fn nothing(at: u32) -> u32 { atomic::add(&calls[0], 1); return 1 << at; }
            fn one(at: u32) -> u32 { atomic::add(&calls[1], 1); return 2 << at; }
            fn two(at: u32) -> u32 { atomic::add(&calls[2], 1); return 4 << at; }
            @row(steps) fn three(at: u32) -> u32 { atomic::add(&calls[3], 1); return 8 << at; }
            mutable table steps: [4]?Step = { 0 => one, 1 => two, 3 => one };
            @noinline fn met(index: u32) -> u32 {
                let step = steps[index] else return nothing(4 * index);
                return step(4 * index);
            }
            prog socket once(ctx: *SkBuff) -> i32 {
                return i32(met(0) | met(1) | met(2) | met(3));
            }
            prog socket often(ctx: *SkBuff) -> i32 {
                var seen: u32 = 0;
                for (i in 0..400) { seen |= met(u32(i & 3)); }
                return i32(seen);
            }
            """;

    private final Machine machine = Machine.create(new ScriptedWorld(), RUNNERS + 2);
    private final Engine engine;
    private final ExecutableProgram once;
    private final ExecutableProgram often;
    private final List<StepHistory> histories = new ArrayList<>();
    private final AtomicReference<String> wrong = new AtomicReference<>("");
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong loads = new AtomicLong();
    private volatile boolean over;

    private ReplaceRows(Engine engine) {
        this.engine = engine;
        BpfObject object = Stages.compilationOf("rows.turn", SOURCE)
                .generated()
                .orElseThrow(() -> new IllegalStateException("the program does not compile"))
                .object();
        once = executable(object, ONCE);
        often = executable(object, OFTEN);
    }

    private static ExecutableProgram executable(BpfObject object, String name) {
        return switch (Verifier.verify(
                ProgramLoader.load(object, name, new Diagnostics()).orElseThrow(), Options.linux())) {
            case Verdict.Verified verified -> Specializer.specialize(verified.program());
            case Verdict.Rejected rejected -> throw new IllegalStateException(rejected.toString());
        };
    }

    private RunnableProgram load(ExecutableProgram program) {
        Diagnostics diagnostics = new Diagnostics();
        return engine.load(program, machine, diagnostics)
                .orElseThrow(() -> new IllegalStateException(diagnostics.all().toString()));
    }

    private LiveTable table() {
        return Optional.ofNullable(machine.tables().get("steps")).orElseThrow();
    }

    private int[] done() {
        return histories.stream().mapToInt(history -> history.done.get()).toArray();
    }

    /** Runs, and judges the result by what the rows held meanwhile. */
    private void judge(RunnableProgram program, CpuSlots.Lease slot, int[] from, boolean isOnce) {
        int result = (int) program.once(slot);
        for (int row = 0; row < ROWS; row++) {
            int met = result >>> (4 * row) & 0xf;
            int held = histories
                    .get(row)
                    .between(from[row], histories.get(row).begun.get());
            boolean right = met != 0 && (met & ~held) == 0 && (!isOnce || Integer.bitCount(met) == 1);
            if (!right) {
                wrong.compareAndSet(
                        "",
                        "a run of `" + program.name() + "` met " + Integer.toBinaryString(met) + " in row " + row
                                + ", which held " + Integer.toBinaryString(held));
            }
        }
        seen.accumulateAndGet(result, (a, b) -> a | b);
        runs.incrementAndGet();
        calls.addAndGet(isOnce ? ROWS : (long) ROWS * ROUNDS);
    }

    private void run(int number) {
        boolean isOnce = number % 2 == 0;
        try (RunnableProgram program = load(isOnce ? once : often)) {
            while (!over) {
                // Leases end now and then: until they do, code that was closed must be kept.
                try (CpuSlots.Lease slot = machine.slots().lease()) {
                    slot.workspace().ownInput();
                    for (int run = 0; run < RUNS_OF_A_LEASE && !over; run++) {
                        judge(program, slot, done(), isOnce);
                    }
                }
            }
        }
    }

    /** Programs come and go: what is loaded after a row was replaced has the new row. */
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

    private void replace(int count) {
        SplittableRandom random = new SplittableRandom(1);
        LiveTable table = table();
        for (int i = 0; (i < count || (seen.get() != ALL && i < count + PATIENCE)) && !over; i++) {
            int row = random.nextInt(ROWS);
            int now = random.nextInt(HELD.size());
            StepHistory history = histories.get(row);
            int step = history.begun.get() + 1;
            history.values[step] = (byte) now;
            history.begun.set(step);
            if (now == 0) {
                table.clear(row);
            } else {
                table.set(row, HELD.get(now));
            }
            history.done.set(step);
        }
    }

    private Thread start(Runnable work) {
        return Thread.ofPlatform().start(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error failure) {
                wrong.compareAndSet("", failure.toString());
                over = true;
            }
        });
    }

    /** What was wrong, or empty. */
    private String replaceUnderFire(int count) throws InterruptedException {
        // The first load makes the table known.
        load(once).close();
        for (String row : table().rows()) {
            histories.add(new StepHistory(count + PATIENCE, HELD.indexOf(row)));
        }
        List<Thread> runners = new ArrayList<>();
        for (int i = 0; i < RUNNERS; i++) {
            int number = i;
            runners.add(start(() -> run(number)));
        }
        runners.add(start(this::reload));
        start(() -> replace(count)).join();
        over = true;
        for (Thread runner : runners) {
            runner.join();
        }
        long counters = machine.map(".bss", new Diagnostics()).orElseThrow().direct();
        long counted = 0;
        for (int function = 0; function < HELD.size(); function++) {
            counted += Memory.loadLong(counters + 8L * function);
        }
        if (counted != calls.get()) {
            wrong.compareAndSet("", "the functions have counted " + counted + " calls of " + calls);
        }
        return Objects.requireNonNull(wrong.get());
    }

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int count = Integer.parseInt(args[0]);
        boolean right = true;
        for (String word : List.of(args).subList(1, args.length)) {
            long start = System.nanoTime();
            ReplaceRows all = new ReplaceRows(engine(word));
            String wrong = all.replaceUnderFire(count);
            right &= wrong.isEmpty();
            out.println(word + ": " + (wrong.isEmpty() ? "right" : wrong) + "; " + count + " rows replaced, " + all.runs
                    + " runs, " + all.calls + " calls, " + all.loads + " loads, met "
                    + Integer.toHexString(all.seen.get()) + ", " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
        System.exit(right ? 0 : 1);
    }

    private static Engine engine(String word) {
        EngineRow row = EngineRow.named(word, new Diagnostics()).orElseThrow();
        return switch (row.availability()) {
            case EngineRow.Availability.Here(Engine here) -> here;
            case EngineRow.Availability.InKernel _, EngineRow.Availability.Absent _ ->
                throw new IllegalStateException("`" + word + "` does not run in this process");
        };
    }
}
