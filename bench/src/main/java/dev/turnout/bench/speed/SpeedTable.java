package dev.turnout.bench.speed;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints the tables of {@code docs/performance.md} that depend on the machine. Arguments: the corpus, the folder of native
 * objects, and optionally the milliseconds of a sample.
 */
final class SpeedTable {
    private static final int SAMPLES = 7;
    private static final String EMPTY = "empty";

    /** Of which the goal speaks. */
    private static final List<String> GOAL =
            List.of("crc32", "fnv1a", "jhash", "parse", "disp_switch", "flags_none", "flags_var");

    private final Corpus corpus;
    private final Sampling sampling;
    private final PrintStream out;

    private SpeedTable(Corpus corpus, Sampling sampling, PrintStream out) {
        this.corpus = corpus;
        this.sampling = sampling;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double millis = args.length > 2 ? Double.parseDouble(args[2]) : 40;
        Corpus corpus = new Corpus(Path.of(args[0]));
        Sampling sampling = new Sampling(SAMPLES, millis * 1e6);
        new SpeedTable(corpus, sampling, out).print(Column.all(corpus, Path.of(args[1])));
        OtherFigures.print(sampling, out);
    }

    private void print(List<Column> columns) throws IOException {
        List<Row> rows = new ArrayList<>();
        Map<Column, Sampling.Time> frames = row(EMPTY, columns);
        for (String workload : corpus.workloads()) {
            if (!workload.equals(EMPTY)) {
                Map<Column, Sampling.Time> times = new LinkedHashMap<>();
                row(workload, columns).forEach((column, time) -> {
                    Sampling.Time frame = frames.get(column);
                    times.put(column, frame == null ? time : time.without(frame));
                });
                rows.add(new Row(workload, times));
            }
        }
        out.println("Nanoseconds of processor time a run, without those of the empty program; medians of "
                + sampling.samples() + " samples:\n");
        out.println(header("workload", columns));
        for (Row row : rows) {
            out.println(line(row.workload, columns, column -> row.of(column).map(time -> number(time.median()))));
        }
        out.println("\nThe same as multiples of native code:\n");
        out.println(header("workload", columns));
        for (Row row : rows) {
            out.println(line(
                    row.workload,
                    columns,
                    column -> row.ratio(columns.getFirst(), column)
                            .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))));
        }
        List<Row> goal =
                rows.stream().filter(row -> GOAL.contains(row.workload)).toList();
        out.println(line("geometric mean of the seven", columns, column -> mean(goal, columns.getFirst(), column)));
        out.println(line("geometric mean of all", columns, column -> mean(rows, columns.getFirst(), column)));
        out.println("\nOne empty run: "
                + String.join(
                        ", ",
                        frames.entrySet().stream()
                                .map(one -> one.getKey().title() + " "
                                        + String.format(
                                                Locale.ROOT,
                                                "%.1f",
                                                one.getValue().median()))
                                .toList()));
    }

    /** A workload on every column that takes it. */
    private record Row(String workload, Map<Column, Sampling.Time> times) {
        Optional<Sampling.Time> of(Column column) {
            return Optional.ofNullable(times.get(column));
        }

        Optional<Double> ratio(Column base, Column column) {
            return of(base).flatMap(one -> of(column).map(other -> other.median() / one.median()));
        }
    }

    private Map<Column, Sampling.Time> row(String workload, List<Column> columns) throws IOException {
        Map<Column, Sampling.Time> times = new LinkedHashMap<>();
        for (Column column : columns) {
            Optional<? extends Subject> opened;
            try {
                opened = column.subjects().open(workload);
            } catch (IllegalStateException refused) {
                // Which objects are refused, and why, is what the corpus' own table says.
                continue;
            }
            if (opened.isPresent()) {
                try (Subject subject = opened.get()) {
                    int result = subject.run(1);
                    if (result != corpus.result(workload)) {
                        throw new IllegalStateException(workload + " on " + column.title() + " gives 0x"
                                + Integer.toHexString(result) + " instead of 0x"
                                + Integer.toHexString(corpus.result(workload)));
                    }
                    times.put(column, sampling.time(subject));
                }
            }
        }
        return times;
    }

    private interface Cell {
        Optional<String> of(Column column);
    }

    private static String header(String first, List<Column> columns) {
        StringBuilder text = new StringBuilder("| ").append(first);
        columns.forEach(column -> text.append(" | ").append(column.title()));
        return text.append(" |\n|---")
                .append("|---:".repeat(columns.size()))
                .append('|')
                .toString();
    }

    private static String line(String first, List<Column> columns, Cell cell) {
        StringBuilder text = new StringBuilder("| ").append(first);
        columns.forEach(column -> text.append(" | ").append(cell.of(column).orElse("–")));
        return text.append(" |").toString();
    }

    /** Of all rows; none if one has no figure. */
    private static Optional<String> mean(List<Row> rows, Column base, Column column) {
        double logarithms = 0;
        int count = 0;
        for (Row row : rows) {
            Optional<Double> ratio = row.ratio(base, column);
            if (ratio.isPresent()) {
                logarithms += Math.log(ratio.get());
                count++;
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        String mean = String.format(Locale.ROOT, "%.2f", Math.exp(logarithms / count));
        return Optional.of(count == rows.size() ? mean : mean + " (" + count + ")");
    }

    private static String number(double nanos) {
        return String.format(Locale.ROOT, nanos < 100 ? "%,.1f" : "%,.0f", nanos);
    }
}
