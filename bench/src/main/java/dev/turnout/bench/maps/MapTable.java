package dev.turnout.bench.maps;

import dev.turnout.bench.speed.EngineSubject;
import dev.turnout.bench.speed.KernelSubject;
import dev.turnout.bench.speed.Sampling;
import dev.turnout.bench.speed.Subject;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Prints nanoseconds of each operation on a map, by one thread, on every engine: what a run takes without what the same run takes with
 * no operation. The argument is the milliseconds of a sample.
 */
final class MapTable {
    private static final int SAMPLES = 5;
    /** Runs before the first sample: until then the JVM has compiled what helpers do. */
    private static final int WARM = 4_000;

    private static final ByteString INPUT = ByteString.zeros(64);

    private MapTable() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double millis = args.length > 0 ? Double.parseDouble(args[0]) : 40;
        Sampling sampling = new Sampling(SAMPLES, millis * 1e6);
        List<EngineRow> columns = Arrays.stream(EngineRow.values())
                .filter(row -> !(row.availability() instanceof EngineRow.Availability.Absent))
                .toList();
        List<Optional<Sampling.Time>> frames = columns.stream()
                .map(column -> time(MapWork.NOTHING, column, sampling))
                .toList();
        out.println("Nanoseconds of processor time an operation, medians of " + SAMPLES + " samples of " + MapWork.STEPS
                + " operations a run:\n");
        out.println("| operation | " + columns.stream().map(EngineRow::word).collect(Collectors.joining(" | ")) + " |");
        out.println("|---|" + "---:|".repeat(columns.size()));
        for (MapWork work : MapWork.ALL) {
            StringBuilder line = new StringBuilder("| ").append(work.name());
            for (int i = 0; i < columns.size(); i++) {
                Optional<Sampling.Time> frame = frames.get(i);
                line.append(" | ")
                        .append(time(work, columns.get(i), sampling)
                                .flatMap(time -> frame.map(time::without))
                                .map(time -> String.format(Locale.ROOT, "%.1f", time.median() / MapWork.STEPS))
                                .orElse("not taken"));
            }
            out.println(line.append(" |"));
        }
    }

    /** Empty if this engine does not take the program. */
    private static Optional<Sampling.Time> time(MapWork work, EngineRow column, Sampling sampling) {
        return switch (column.availability()) {
            case EngineRow.Availability.Here(var engine) -> {
                try (Subject subject = new EngineSubject(work.compile(TargetProfile.VM), engine, INPUT)) {
                    yield Optional.of(warm(subject, sampling));
                }
            }
            case EngineRow.Availability.InKernel _ -> {
                Optional<KernelSubject> loaded = KernelSubject.of(work.compile(TargetProfile.LINUX_6_12), INPUT);
                Optional<Sampling.Time> time = loaded.map(subject -> warm(subject, sampling));
                loaded.ifPresent(Subject::close);
                yield time;
            }
            case EngineRow.Availability.Absent _ -> Optional.empty();
        };
    }

    private static Sampling.Time warm(Subject subject, Sampling sampling) {
        subject.run(WARM);
        return sampling.time(subject);
    }
}
