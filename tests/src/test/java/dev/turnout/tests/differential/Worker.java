package dev.turnout.tests.differential;

import dev.turnout.verifier.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The process in which code runs that may be wrong. It notes each seed before it begins with it, in a file that is mapped into
 * its memory and so survives it: if it dies, the seed that killed it stands there.
 *
 * <p>{@code run FROM COUNT FILE} goes through seeds and writes what is wrong, then its counts. {@code judge} reads lines of a
 * seed and of slots to delete, and writes a line for each.
 */
final class Worker {
    static final String WRONG = "wrong ";
    static final String COUNT = "count ";
    static final String DONE = "done";

    /** A property that names a seed which kills the process, as wrong code would. */
    static final String DIES = "worker.dies";

    private static final long OFTEN = 200;

    /** A property: programs run in the reference only, which holds the verifier to its claims. */
    static final String ONLY_CLAIMS = "worker.only.claims";

    private static final long CLAIMS_BUDGET = 30_000;

    private final Examination examination = Boolean.getBoolean(ONLY_CLAIMS) ? claims() : new Examination(Ways.all());

    private Worker() {}

    /** What takes long to prove is left out: a hundred others run in the same time. */
    private static Examination claims() {
        return new Examination(List.of(Ways.reference()), new Options(Options.Policy.EXEC, CLAIMS_BUDGET));
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args[0].equals("judge")) {
            new Worker().judge(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
        } else {
            new Worker().run(Long.parseLong(args[1]), Long.parseLong(args[2]), args[3], out);
        }
    }

    private void run(long from, long count, String file, PrintStream out) throws IOException {
        Tally tally = new Tally();
        try (RandomAccessFile access = new RandomAccessFile(file, "rw")) {
            MappedByteBuffer present = access.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            for (long seed = from; seed < from + count; seed++) {
                present.putLong(0, seed);
                one(seed, tally, out);
                if (seed % OFTEN == 0) {
                    show(tally, out);
                    tally = new Tally();
                }
            }
        }
        show(tally, out);
        out.println(DONE);
    }

    /** Now and then, because what a process has not said when it dies is lost. */
    private static void show(Tally tally, PrintStream out) {
        tally.lines().forEach(line -> out.println(COUNT + line));
    }

    private void one(long seed, Tally tally, PrintStream out) {
        if (seed == Long.getLong(DIES, -1)) {
            Runtime.getRuntime().halt(1);
        }
        tally.count("drawn");
        Optional<Trial> trial = Trial.of(seed);
        if (trial.isEmpty()) {
            tally.count("no instructions");
            return;
        }
        switch (examination.examine(trial.get())) {
            case Examination.Result.Rejected _ -> tally.count("rejected");
            case Examination.Result.TooLong _ -> tally.count("too long");
            case Examination.Result.Agreed agreed -> {
                tally.count("agreed");
                tally.count("agreed " + trial.get().kind());
                agreed.declined().forEach(way -> tally.count("not on " + way));
                tally.countRows(trial.get());
            }
            case Examination.Result.Wrong(String what) -> {
                tally.count("wrong");
                out.println(WRONG + seed + " " + what.replace('\n', ' '));
            }
        }
    }

    private void judge(BufferedReader in, PrintStream out) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int blank = line.indexOf(' ');
            BitSet slots = new BitSet();
            for (String slot : line.substring(blank + 1).split(",", -1)) {
                if (!slot.isEmpty()) {
                    slots.set(Integer.parseInt(slot));
                }
            }
            Optional<Examination.Result> result = Trial.of(Long.parseLong(line.substring(0, blank)))
                    .flatMap(trial -> trial.without(slots))
                    .map(examination::examine);
            out.println(
                    result.isPresent() && result.get() instanceof Examination.Result.Wrong(String what)
                            ? WRONG + what.replace('\n', ' ')
                            : DONE);
        }
    }
}
