package dev.turnout.bench.codesize;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.codegen.Generated;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.frontend.parse.SourceText;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints the table of {@code docs/performance.md}: instructions of Turnout and of clang, in the object and executed. */
public final class CodeSize {
    static final List<String> WORKLOADS = List.of(
            "crc32",
            "fnv1a",
            "jhash",
            "parse",
            "isort64",
            "disp_switch",
            "disp_switch_p",
            "disp_iftree",
            "disp_iftree_p",
            "disp_fnptr",
            "disp_fnptr_p",
            "disp_loop",
            "flags_none",
            "flags_var",
            "empty");

    private CodeSize() {}

    /** Arguments: the folder of the workloads, and targets (if none is given, all of cpu v4). */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "bench/workloads");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> targets = args.length > 1
                ? List.of(args).subList(1, args.length)
                : List.of(TargetProfile.VM.word(), TargetProfile.LINUX_6_19.word(), TargetProfile.LINUX_6_12.word());
        for (String word : targets) {
            TargetProfile target = TargetProfile.ofWord(word)
                    .orElseThrow(() -> new IllegalArgumentException("no target is called `" + word + "`"));
            out.print(table(folder, target));
        }
    }

    /** The table for one target, in Markdown. */
    static String table(Path folder, TargetProfile target) throws IOException {
        StringBuilder table = new StringBuilder();
        table.append("\nTarget `").append(target.word()).append("`:\n\n");
        table.append("| workload | instructions | clang | ratio | executed | clang | ratio |\n");
        table.append("|---|---:|---:|---:|---:|---:|---:|\n");
        double staticLog = 0;
        double executedLog = 0;
        for (String workload : WORKLOADS) {
            Comparison row = compare(folder, workload, target);
            staticLog += Math.log(row.staticRatio());
            executedLog += Math.log(row.executedRatio());
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %,d | %,d | %.2f |%n",
                    workload,
                    row.turnout().instructions(),
                    row.clang().instructions(),
                    row.staticRatio(),
                    row.turnout().executed(),
                    row.clang().executed(),
                    row.executedRatio()));
        }
        return table.append(String.format(
                        Locale.ROOT,
                        "| geometric mean | | | %.2f | | | %.2f |%n",
                        Math.exp(staticLog / WORKLOADS.size()),
                        Math.exp(executedLog / WORKLOADS.size())))
                .toString();
    }

    /** Both objects of a workload, which must agree on the result. */
    static Comparison compare(Path folder, String workload, TargetProfile target) throws IOException {
        ByteString packet = WorkloadPacket.make();
        Measurement ours = Measurement.of(workload, compile(folder.resolve(workload + ".turn"), target), packet);
        Measurement clangs = Measurement.of(
                workload + " of clang", read(folder.resolve("clang").resolve(workload + ".o")), packet);
        if (!ours.result().equals(clangs.result())) {
            throw new IllegalStateException(
                    workload + ": the results differ: " + ours.result() + " and " + clangs.result() + " of clang");
        }
        return new Comparison(ours, clangs);
    }

    private static BpfObject compile(Path file, TargetProfile target) throws IOException {
        Diagnostics reading = new Diagnostics();
        SourceFile source = SourceText.decode(file.toString(), Files.readAllBytes(file), reading);
        Compilation compilation = new Compilation(source, SourceReader.none(), CompileOptions.of(target));
        return compilation
                .generated()
                .map(Generated::object)
                .orElseThrow(
                        () -> new IllegalStateException(new TerminalRenderer(false).render(compilation.diagnostics())));
    }

    private static BpfObject read(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        return ElfReader.read(ByteString.copyOf(Files.readAllBytes(file)), Policy.LINUX, diagnostics)
                .orElseThrow(() -> new IllegalStateException(new TerminalRenderer(false).render(diagnostics)));
    }

    /** The same job by two compilers. */
    record Comparison(Measurement turnout, Measurement clang) {
        double staticRatio() {
            return (double) turnout.instructions() / clang.instructions();
        }

        double executedRatio() {
            return (double) turnout.executed() / clang.executed();
        }
    }
}
