package dev.turnout.tests.differential;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the verifier claims, held against what programs do: the long run, by hand. {@code COUNT [FROM]} goes through seeds until so
 * many programs were accepted and run; {@code seed N} shows what is wrong with one. The script {@code tests/soundness} calls it.
 */
final class Soundness {
    private static final int RUNS = 8;
    private static final long PORTION = 10_000;

    private Soundness() {}

    /**
     * Processes that only look at claims, on more inputs.
     *
     * @param objects folder of objects, the programs of which are spoiled
     */
    static List<String> flags(Path objects) {
        return List.of(
                "-D" + Worker.ONLY_CLAIMS + "=true",
                "-D" + Trial.RUNS + "=" + RUNS,
                "-D" + Trial.OBJECTS + "=" + objects.toAbsolutePath());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("soundness");
        List<String> flags = flags(Path.of(args[0]));
        if (args[1].equals("seed")) {
            // Here, too, the seed means what it means in the processes.
            System.setProperty(Trial.OBJECTS, Path.of(args[0]).toAbsolutePath().toString());
            System.setProperty(Trial.RUNS, Integer.toString(RUNS));
            out.print(RandomPrograms.explain(folder, flags, Long.parseLong(args[2])));
            return;
        }
        long wanted = Long.parseLong(args[1]);
        long from = args.length > 2 ? Long.parseLong(args[2]) : 0;
        long start = System.nanoTime();
        Tally all = new Tally();
        int findings = 0;
        long portion = Math.min(PORTION, wanted);
        int processes = Runtime.getRuntime().availableProcessors();
        for (long at = from; all.of("agreed") < wanted && findings == 0; at += portion) {
            Survey.Report report = Survey.of(folder, flags, at, portion, processes);
            report.tally().lines().forEach(all::addLine);
            report.findings().forEach(one -> out.println("seed " + one.seed() + ": " + one.what()));
            findings += report.findings().size();
            out.println("seeds from " + from + " to " + (at + portion - 1) + ": " + all.summary() + "; "
                    + (System.nanoTime() - start) / 1_000_000_000 + " s");
        }
        out.println("rows of the table that no accepted program had: " + all.missingRows());
        System.exit(findings == 0 ? 0 : 1);
    }
}
