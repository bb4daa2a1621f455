package dev.turnout.bench.speed;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.lower.DirectCompiler;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** How long it takes to make a program ready, and to get into one from Java. */
final class OtherFigures {
    private static final int[] LENGTHS = {10, 300, 1_000, 10_000, 100_000};
    private static final Set<Feature> ALL = Set.of(Feature.values());
    private static final int PACKETS = 50_000;

    private final Engine engine;
    private final Sampling sampling;
    private final PrintStream out;

    private OtherFigures(Engine engine, Sampling sampling, PrintStream out) {
        this.engine = engine;
        this.sampling = sampling;
        this.out = out;
    }

    static void print(Sampling sampling, PrintStream out) {
        translation(sampling, out);
        for (EngineRow row : EngineRow.values()) {
            if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                OtherFigures figures = new OtherFigures(engine, sampling, out);
                figures.loading();
                figures.calls();
            }
        }
    }

    /** Something that is done so many times. */
    private record Repeated(LongUnaryOperator work) implements Subject {
        @Override
        public int run(long times) {
            return (int) work.applyAsLong(times);
        }

        @Override
        public void close() {}
    }

    /** Bytes of a program to bytes of machine code, by the plain translator. */
    private static void translation(Sampling sampling, PrintStream out) {
        out.println("\nTranslating a proven program, warm:\n");
        out.println("| instructions | µs | ns an instruction |\n|---:|---:|---:|");
        for (int length : LENGTHS) {
            ExecutableProgram program = LongProgram.proven(LongProgram.of(length));
            int count = program.program().code().insns().size();
            double nanos = nanos(sampling, times -> {
                long bytes = 0;
                for (long i = 0; i < times; i++) {
                    bytes += DirectCompiler.compile(program, ALL, PatchMode.CELL, new Diagnostics())
                            .orElseThrow()
                            .size();
                }
                return bytes;
            });
            out.println(String.format(Locale.ROOT, "| %,d | %,.1f | %.1f |", count, nanos / 1e3, nanos / count));
        }
    }

    private double nanos(LongUnaryOperator work) {
        return nanos(sampling, work);
    }

    private static double nanos(Sampling sampling, LongUnaryOperator work) {
        // The first time warms up what the second one times.
        sampling.time(new Repeated(work));
        return sampling.time(new Repeated(work)).median();
    }

    private void loading() {
        out.println("\nMaking a proven program ready on " + engine.name() + ", code memory and all, warm:\n");
        out.println("| instructions | µs | ns an instruction |\n|---:|---:|---:|");
        for (int length : LENGTHS) {
            ExecutableProgram program = LongProgram.proven(LongProgram.of(length));
            int count = program.program().code().insns().size();
            try (Machine machine = Machine.create(World.host(line -> {}), 1)) {
                double nanos = nanos(times -> {
                    for (long i = 0; i < times; i++) {
                        engine.load(program, machine, new Diagnostics())
                                .orElseThrow()
                                .close();
                    }
                    return 0;
                });
                out.println(String.format(Locale.ROOT, "| %,d | %,.1f | %.1f |", count, nanos / 1e3, nanos / count));
            }
        }
    }

    private void calls() {
        ExecutableProgram program = LongProgram.proven(LongProgram.shortest());
        try (Machine machine = Machine.create(World.host(line -> {}), 1);
                RunnableProgram runnable =
                        engine.load(program, machine, new Diagnostics()).orElseThrow();
                CpuSlots.Lease slot = machine.slots().lease()) {
            slot.workspace().useMemory(MemorySegment.ofArray(LongProgram.input().toArray()));
            double one = nanos(times -> {
                long sum = 0;
                for (long i = 0; i < times; i++) {
                    sum += runnable.once(slot);
                }
                return sum;
            });
            double repeated = nanos(
                    times -> runnable.run(slot, times, RunnableProgram.ENDLESS).result());
            List<Input> inputs = Collections.nCopies(PACKETS, new Input.Memory(LongProgram.input()));
            Batch batch = new Batch(new PacketFeed(false), 1, RunnableProgram.ENDLESS);
            double[] each = new double[sampling.samples()];
            for (int i = 0; i < each.length; i++) {
                // Its clock leaves out the laying down of the inputs.
                each[i] = batch.run(runnable, inputs, slot, new Diagnostics())
                        .orElseThrow()
                        .nanosPerRun();
            }
            Arrays.sort(each);
            out.println(String.format(
                    Locale.ROOT,
                    "%nThe program `r0 = 1; exit` on %s: %.1f ns a call from Java; %.1f ns a run when repeated on one"
                            + " input; %.1f ns a run in a batch of %,d inputs.",
                    engine.name(),
                    one,
                    repeated,
                    each[each.length / 2],
                    PACKETS));
        }
    }
}
