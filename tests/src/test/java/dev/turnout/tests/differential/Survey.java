package dev.turnout.tests.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Goes through seeds in worker processes, some at a time, and starts another one where one dies. */
final class Survey {
    /** Seeds that one process goes through, at most. */
    private static final long BATCH = 20_000;

    /** No program takes so long that its seed does not change. */
    private static final long HANGING_SECONDS = 120;

    private static final int MOST_FINDINGS = 20;

    private final Path folder;
    private final List<String> flags;
    private final long end;
    private final long batch;
    private final AtomicLong next;
    private final Tally tally = new Tally();
    private final List<Finding> findings = new ArrayList<>();

    /** A seed, and what is wrong with its program. */
    record Finding(long seed, String what) {}

    /** What the survey found. */
    record Report(Tally tally, List<Finding> findings) {
        Report {
            findings = List.copyOf(findings);
        }
    }

    private Survey(Path folder, List<String> flags, long from, long count, int processes) {
        this.folder = folder;
        this.flags = flags;
        this.next = new AtomicLong(from);
        this.end = from + count;
        this.batch = Math.min(BATCH, (count + processes - 1) / processes);
    }

    /** Looks at {@code count} seeds, {@code processes} at a time. Files go into the folder. */
    static Report of(Path folder, long from, long count, int processes) throws InterruptedException {
        return of(folder, List.of(), from, count, processes);
    }

    static Report of(Path folder, List<String> flags, long from, long count, int processes)
            throws InterruptedException {
        Survey survey = new Survey(folder, flags, from, count, processes);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            threads.add(Thread.ofPlatform().start(survey::work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Report(survey.tally, survey.findings);
    }

    private void work() {
        try {
            while (!enough()) {
                long from = next.getAndAdd(batch);
                if (from >= end) {
                    return;
                }
                batch(from, Math.min(end, from + batch));
            }
        } catch (IOException | InterruptedException e) {
            add(new Finding(-1, "the survey itself failed: " + e));
        }
    }

    private synchronized boolean enough() {
        return findings.size() >= MOST_FINDINGS;
    }

    private synchronized void add(Finding finding) {
        findings.add(finding);
    }

    private synchronized void count(String line) {
        tally.addLine(line);
    }

    private synchronized void countCrash() {
        tally.count("crashed");
    }

    /** Seeds from {@code from} up to {@code to}: in one process if none of them kills it. */
    private void batch(long from, long to) throws IOException, InterruptedException {
        Path present = Files.createTempFile(folder, "seed", "");
        for (long at = from; at < to && !enough(); ) {
            Process process = ForkedJvm.start(
                    folder,
                    Worker.class,
                    flags,
                    List.of("run", Long.toString(at), Long.toString(to - at), present.toString()));
            boolean done = listen(process, present);
            if (done) {
                return;
            }
            long seed = seed(present);
            add(new Finding(seed, "the process died or hung. " + ForkedJvm.lastWords(folder, process.pid())));
            countCrash();
            at = Math.max(at, seed) + 1;
        }
    }

    private boolean listen(Process process, Path present) throws IOException, InterruptedException {
        Thread watch = Thread.ofPlatform().daemon().start(() -> endIfHanging(process, present));
        boolean done = false;
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(Worker.WRONG)) {
                    String[] words = line.substring(Worker.WRONG.length()).split(" ", 2);
                    add(new Finding(Long.parseLong(words[0]), words[1]));
                } else if (line.startsWith(Worker.COUNT)) {
                    count(line.substring(Worker.COUNT.length()));
                } else {
                    done |= line.equals(Worker.DONE);
                }
            }
        }
        process.waitFor();
        watch.interrupt();
        return done;
    }

    private static void endIfHanging(Process process, Path present) {
        try {
            long last = -1;
            while (!process.waitFor(HANGING_SECONDS, TimeUnit.SECONDS)) {
                long now = seed(present);
                if (now == last) {
                    process.destroyForcibly();
                }
                last = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }

    private static long seed(Path present) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(present.toFile(), "r")) {
            return file.length() < Long.BYTES ? -1 : file.readLong();
        }
    }
}
