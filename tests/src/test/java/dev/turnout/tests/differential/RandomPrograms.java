package dev.turnout.tests.differential;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.program.BpfProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The long run, by hand: {@code COUNT [FROM]} looks at so many seeds on every processor; {@code seed N} shows what is wrong with
 * one, with as few instructions as possible. The script {@code tests/random-programs} calls it.
 */
final class RandomPrograms {
    private RandomPrograms() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("random-programs");
        if (args[0].equals("seed")) {
            out.print(explain(folder, List.of(), Long.parseLong(args[1])));
            return;
        }
        long from = args.length > 1 ? Long.parseLong(args[1]) : 0;
        long count = Long.parseLong(args[0]);
        long start = System.nanoTime();
        Survey.Report report =
                Survey.of(folder, from, count, Runtime.getRuntime().availableProcessors());
        report.findings().forEach(finding -> out.println("seed " + finding.seed() + ": " + finding.what()));
        out.println("seeds " + from + " to " + (from + count - 1) + ": "
                + report.tally().summary() + "; " + (System.nanoTime() - start) / 1_000_000_000 + " s");
        out.println("rows of the table that no program had: " + report.tally().missingRows());
        System.exit(report.findings().isEmpty() ? 0 : 1);
    }

    /** The smallest program that shows what is wrong with a seed, as text. */
    static String explain(Path folder, List<String> flags, long seed) throws IOException {
        Optional<Trial> trial = Trial.of(seed);
        if (trial.isEmpty()) {
            return "seed " + seed + " gives bytes that are no instructions\n";
        }
        Reduction.Smallest smallest = Reduction.of(folder, flags, trial.get());
        String verdict = smallest.what().isEmpty() ? "nothing is wrong" : smallest.what();
        return "seed " + seed + " (" + trial.get().kind() + "): " + verdict + "\n" + listing(smallest.trial());
    }

    private static String listing(Trial trial) {
        BpfProgram program = trial.program();
        StringBuilder text = new StringBuilder(program.entry() + "\n");
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            for (BpfProgram.FunctionRange function : program.functions()) {
                if (function.start() == slot) {
                    text.append(function.name()).append(":\n");
                }
            }
            text.append(String.format(
                    "%5d: %s%n", slot, InsnPrinter.print(program.code().at(slot))));
        }
        program.maps().forEach(map -> text.append(map).append('\n'));
        program.branchSites().forEach(site -> text.append(site).append('\n'));
        return text.append("keys ").append(trial.keys()).append('\n').toString();
    }
}
