package dev.turnout.bench.keys;

import dev.turnout.bench.keys.FlagsProgram.Switched;
import dev.turnout.bench.speed.NativeSubject;
import dev.turnout.bench.speed.Sampling;
import dev.turnout.bench.speed.Subject;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.x86.code.PatchMode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Prints what four keys that are off cost in a loop: beside native code with the same cells, beside variables, and beside the
 * program without them. Arguments: the folder of native code, and the milliseconds of a sample.
 */
final class OffTable {
    private static final int SAMPLES = 15;
    /** Times that each subject has its turn. */
    private static final int ROUNDS = 3;

    private final Sampling sampling;
    private final PrintStream out;
    private final byte[] words = new byte[4 * FlagsProgram.WORDS];

    private OffTable(Sampling sampling, PrintStream out) {
        this.sampling = sampling;
        this.out = out;
        new Random(1).nextBytes(words);
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double millis = args.length > 1 ? Double.parseDouble(args[1]) : 40;
        new OffTable(new Sampling(SAMPLES, millis * 1e6), out).print(Path.of(args[0]));
    }

    static BpfProgram program(FlagsProgram form) {
        Compilation compilation = new Compilation(
                new SourceFile("flags.turn", form.text()),
                SourceReader.none(),
                new CompileOptions(TargetProfile.VM, Map.of(), false, false));
        BpfObject object = compilation
                .generated()
                .orElseThrow(
                        () -> new IllegalStateException(new TerminalRenderer(false).render(compilation.diagnostics())))
                .object();
        return ProgramLoader.load(object, "entry", new Diagnostics()).orElseThrow();
    }

    private Subject ours(Switched switched, int steps, PatchMode mode) {
        if (EngineRow.DIRECT.availability(mode) instanceof EngineRow.Availability.Here(Engine engine)) {
            return new ResultSubject(program(new FlagsProgram(switched, steps)), engine, ByteString.copyOf(words));
        }
        throw new IllegalStateException("no native code here");
    }

    private void print(Path folder) {
        Map<String, Subject> small = new LinkedHashMap<>();
        ByteString memory = ByteString.copyOf(words);
        small.put("native code with four cells", new NativeSubject(folder, "flags_cells", memory));
        small.put("native code without", new NativeSubject(folder, "flags_none", memory));
        small.put("`direct` without", ours(Switched.NOTHING, 1, PatchMode.CELL));
        small.put("`direct`, four keys", ours(Switched.KEYS, 1, PatchMode.CELL));
        small.put("`direct`, four variables", ours(Switched.VARIABLES, 1, PatchMode.CELL));
        small.put("`direct`, four keys, `--patching displacement`", ours(Switched.KEYS, 1, PatchMode.DISPLACEMENT));
        small.put("`direct`, four keys, `--patching flag`", ours(Switched.KEYS, 1, PatchMode.FLAG));
        out.println("A loop of eight instructions, 352 rounds:\n");
        table(small, "native code with four cells");
        Map<String, Subject> large = new LinkedHashMap<>();
        large.put("`direct` without", ours(Switched.NOTHING, 8, PatchMode.CELL));
        large.put("`direct`, four keys", ours(Switched.KEYS, 8, PatchMode.CELL));
        out.println("\nA loop of more than fifty:\n");
        table(large, "`direct` without");
    }

    /** All give the same result, which is asked for first; samples of all are taken in turn, so that what drifts drifts for all. */
    private void table(Map<String, Subject> subjects, String base) {
        Optional<Integer> result = Optional.empty();
        for (Map.Entry<String, Subject> one : subjects.entrySet()) {
            int here = one.getValue().run(1);
            if (result.isPresent() && result.get() != here) {
                throw new IllegalStateException(one.getKey() + " gives " + here + ", not " + result.get());
            }
            result = Optional.of(here);
        }
        Map<String, double[]> times = new LinkedHashMap<>();
        subjects.keySet().forEach(name -> times.put(name, new double[ROUNDS]));
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Subject> one : subjects.entrySet()) {
                times.getOrDefault(one.getKey(), new double[0])[round] =
                        sampling.time(one.getValue()).median();
            }
        }
        double unit = median(times.getOrDefault(base, new double[ROUNDS]));
        out.println("| | ns a run | as a multiple |\n|---|---:|---:|");
        times.forEach((name, all) ->
                out.println(String.format(Locale.ROOT, "| %s | %.1f | %.3f |", name, median(all), median(all) / unit)));
        subjects.values().forEach(Subject::close);
    }

    private static double median(double[] all) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
