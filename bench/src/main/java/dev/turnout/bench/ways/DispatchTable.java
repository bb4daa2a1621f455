package dev.turnout.bench.ways;

import dev.turnout.bench.speed.EngineSubject;
import dev.turnout.bench.speed.KernelSubject;
import dev.turnout.bench.speed.Sampling;
import dev.turnout.bench.speed.Subject;
import dev.turnout.bench.ways.DispatchProgram.Form;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints what one dispatch of a switch costs, by the number of its cases: as a jump table and as a compare tree, from one place
 * and from as many as there are cases, on ways that a branch predictor can learn and on others. From where on a table pays is
 * what {@link TargetProfile#MIN_TABLE_CASES} says. The argument is the milliseconds of a sample.
 */
final class DispatchTable {
    private static final int SAMPLES = 7;
    private static final int[] CASES = {3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64};
    private static final int KERNEL_CASES = 64;
    private static final ByteString INPUT = ByteString.zeros(64);

    private final Sampling sampling;
    private final PrintStream out;

    private DispatchTable(Sampling sampling, PrintStream out) {
        this.sampling = sampling;
        this.out = out;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double millis = args.length > 0 ? Double.parseDouble(args[0]) : 40;
        DispatchTable table = new DispatchTable(new Sampling(SAMPLES, millis * 1e6), out);
        table.engine();
        table.kernel();
    }

    private void engine() {
        if (!(EngineRow.DIRECT.availability() instanceof EngineRow.Availability.Here(Engine engine))) {
            out.println("No native code here.");
            return;
        }
        out.println("Nanoseconds of processor time a dispatch with its operation, direct engine; medians of " + SAMPLES
                + " samples of " + DispatchProgram.STEPS + " dispatches a run:\n");
        out.println("| cases | table, random | tree, random | shared, random | replicated, random | table, learnable"
                + " | tree, learnable | shared, learnable | replicated, learnable |");
        out.println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (int cases : CASES) {
            StringBuilder line = new StringBuilder("| " + cases);
            for (boolean predictable : List.of(false, true)) {
                Integer expected = null;
                for (Form form : Form.values()) {
                    BpfProgram program = new DispatchProgram(form, cases, predictable).compile(TargetProfile.VM);
                    try (Subject subject = new EngineSubject(program, engine, INPUT)) {
                        int result = subject.run(1);
                        if (expected != null && expected != result) {
                            throw new IllegalStateException(form + " with " + cases + " cases gives " + result
                                    + ", and the first form " + expected);
                        }
                        expected = result;
                        line.append(" | ").append(each(sampling.time(subject)));
                    }
                }
            }
            out.println(line.append(" |"));
        }
    }

    /** The tree on what every kernel takes, the table on what has tables. */
    private void kernel() {
        out.println(
                "\nThe running kernel, " + KERNEL_CASES + " cases:\n\n| form | random | learnable |\n|---|---:|---:|");
        for (Form form : List.of(Form.TREE, Form.TABLE)) {
            TargetProfile target = form == Form.TREE ? TargetProfile.LINUX_6_12 : TargetProfile.LINUX_6_19;
            StringBuilder line = new StringBuilder("| " + form.name().toLowerCase(Locale.ROOT));
            for (boolean predictable : List.of(false, true)) {
                DispatchProgram program = new DispatchProgram(form, KERNEL_CASES, predictable);
                Optional<KernelSubject> loaded = KernelSubject.of(program.compile(target), INPUT);
                line.append(" | ");
                if (loaded.isEmpty()) {
                    line.append("not taken");
                } else {
                    try (Subject subject = loaded.get()) {
                        line.append(each(sampling.time(subject)));
                    }
                }
            }
            out.println(line.append(" |"));
        }
    }

    private static String each(Sampling.Time run) {
        return String.format(Locale.ROOT, "%.2f", run.median() / DispatchProgram.STEPS);
    }
}
