package dev.turnout.tests.differential;

import dev.turnout.bpf.program.BpfProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a program smaller while something stays wrong with it: runs of instructions are deleted, first long ones, in the end
 * single ones. Each attempt is judged in another process, and a process that dies has found it wrong.
 */
final class Reduction implements AutoCloseable {
    private final Path folder;
    private final List<String> flags;
    private final long seed;
    private @Nullable Process judge;
    private @Nullable BufferedReader answers;
    private String what = "";

    private Reduction(Path folder, List<String> flags, long seed) {
        this.folder = folder;
        this.flags = flags;
        this.seed = seed;
    }

    /** The smallest trial that was found, and what is wrong with it; empty text if nothing is, even with the whole program. */
    record Smallest(Trial trial, String what) {}

    /**
     * Makes a trial small.
     *
     * @param flags for the processes that judge
     */
    static Smallest of(Path folder, List<String> flags, Trial trial) throws IOException {
        try (Reduction reduction = new Reduction(folder, flags, trial.seed())) {
            return reduction.reduce(trial);
        }
    }

    private Smallest reduce(Trial trial) throws IOException {
        BitSet gone = new BitSet();
        if (!wrong(gone)) {
            return new Smallest(trial, "");
        }
        List<Integer> left = slots(trial.program());
        for (int run = left.size() / 2; run >= 1; run = run == 1 && shrank(left, gone) ? 1 : run / 2) {
            left.removeIf(gone::get);
            for (int at = 0; at < left.size(); at += run) {
                BitSet attempt = (BitSet) gone.clone();
                left.subList(at, Math.min(left.size(), at + run)).forEach(attempt::set);
                if (wrong(attempt)) {
                    gone = attempt;
                }
            }
        }
        return new Smallest(trial.without(gone).orElseThrow(), what);
    }

    private static boolean shrank(List<Integer> left, BitSet gone) {
        return left.stream().anyMatch(gone::get);
    }

    private static List<Integer> slots(BpfProgram program) {
        List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            slots.add(slot);
        }
        return slots;
    }

    private boolean wrong(BitSet slots) throws IOException {
        if (judge == null || !judge.isAlive()) {
            judge = ForkedJvm.start(folder, Worker.class, flags, List.of("judge"));
            answers = new BufferedReader(new InputStreamReader(judge.getInputStream(), StandardCharsets.UTF_8));
        }
        String line = seed + " " + slots.stream().mapToObj(Integer::toString).collect(Collectors.joining(",")) + "\n";
        String answer = null;
        try {
            OutputStream out = judge.getOutputStream();
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.flush();
            answer = answers == null ? null : answers.readLine();
        } catch (IOException dead) {
            // No answer: it died.
        }
        if (answer == null) {
            what = "the process dies. " + ForkedJvm.lastWords(folder, judge.pid());
            judge.destroyForcibly();
            judge = null;
            return true;
        }
        if (answer.startsWith(Worker.WRONG)) {
            what = answer.substring(Worker.WRONG.length());
            return true;
        }
        return false;
    }

    @Override
    public void close() {
        if (judge != null) {
            judge.destroyForcibly();
        }
    }
}
