package dev.turnout.bench.keys;

import dev.turnout.bench.keys.FlagsProgram.Switched;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.x86.memory.Serialisation;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints how long it takes until a key that is set is seen by all threads, while four of them run the program, beside the bare call
 * that makes all threads serialise: each flip is followed by one of those, so both see the same threads. The argument is the number of
 * flips.
 */
final class FlipTable {
    private static final int RUNNERS = 4;

    private volatile boolean over;

    private FlipTable() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int flips = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        new FlipTable().print(flips, out);
    }

    private void print(int flips, PrintStream out) throws InterruptedException {
        if (!(EngineRow.DIRECT.availability() instanceof EngineRow.Availability.Here(Engine engine))) {
            throw new IllegalStateException("no native code here");
        }
        BpfProgram program = OffTable.program(new FlagsProgram(Switched.KEYS, 1));
        try (Machine machine = Machine.create(World.host(line -> {}), RUNNERS);
                RunnableProgram loaded = Loader.linux(engine)
                        .load(program, machine, new Diagnostics())
                        .orElseThrow()) {
            List<Thread> runners = new ArrayList<>();
            for (int i = 0; i < RUNNERS; i++) {
                runners.add(Thread.ofPlatform().start(() -> run(loaded)));
            }
            int key = machine.keys().number("trace").orElseThrow();
            long[] sets = new long[flips];
            long[] bare = new long[flips];
            // The first fifth warms up: it is overwritten.
            for (int flip = -flips / 5; flip < flips; flip++) {
                long start = System.nanoTime();
                machine.keys().set(key, flip & 1);
                long middle = System.nanoTime();
                Serialisation.allThreads();
                long end = System.nanoTime();
                sets[Math.max(0, flip)] = middle - start;
                bare[Math.max(0, flip)] = end - middle;
            }
            over = true;
            for (Thread runner : runners) {
                runner.join();
            }
            out.println(flips + " flips of a key with one site, " + RUNNERS + " threads running:\n");
            out.println("| µs | median | 90 of 100 | 99 of 100 |\n|---|---:|---:|---:|");
            out.println(line("`set`", sets));
            out.println(line("bare `membarrier`", bare));
            out.println(String.format(
                    Locale.ROOT,
                    "\nMedian of `set` above the bare call: %.2f µs",
                    (at(sets, 50) - at(bare, 50)) / 1e3));
        }
    }

    private void run(RunnableProgram program) {
        try (CpuSlots.Lease slot = program.machine().slots().lease()) {
            new PacketFeed(false).feed(slot.workspace(), ProgramType.XDP, new byte[4 * FlagsProgram.WORDS]);
            while (!over) {
                program.run(slot, 100, RunnableProgram.ENDLESS);
            }
        }
    }

    private static String line(String name, long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f |",
                name,
                at(nanos, 50) / 1e3,
                at(nanos, 90) / 1e3,
                at(nanos, 99) / 1e3);
    }

    /** Of sorted numbers. */
    private static double at(long[] sorted, int percent) {
        return sorted[(int) ((sorted.length - 1L) * percent / 100)];
    }
}
