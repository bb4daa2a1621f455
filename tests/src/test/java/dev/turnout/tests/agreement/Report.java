package dev.turnout.tests.agreement;

import dev.turnout.tests.agreement.Judged.Category;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of agreement, as text. */
final class Report {
    private static final int OBJECTS = 40;
    private static final int SLOWEST = 10;
    private static final int WIDTH = 160;
    private static final double NANOS_A_MILLI = 1e6;

    private final List<Judged> all;
    private final StringBuilder text = new StringBuilder();

    private Report(List<Judged> all) {
        this.all = all;
    }

    static String of(List<Judged> all) {
        Report report = new Report(List.copyOf(all));
        report.broken();
        report.totals();
        report.falseAccepts();
        report.falseRejects();
        report.objects();
        report.slowest();
        return report.text.toString();
    }

    private Stream<Judged> of(Category category) {
        return all.stream().filter(one -> one.category() == category);
    }

    private static boolean alone(Judged one) {
        return one.kernelTypes().isEmpty();
    }

    /** Our own mistakes come first. */
    private void broken() {
        Stream.concat(of(Category.CRASHES), of(Category.HANGS))
                .forEach(one -> text.append(one.line()).append('\n'));
    }

    private void totals() {
        row("programs", _ -> true);
        of(Category.NOT_COUNTED)
                .collect(Collectors.groupingBy(
                        one -> ((LinuxVerdict.NotAsked) one.theirs()).why(), TreeMap::new, Collectors.counting()))
                .forEach((why, count) -> text.append(String.format("  not counted: %s %d%n", why, count)));
        row("counted", Judged::counts);
        for (Category category : Category.values()) {
            if (category != Category.NOT_COUNTED) {
                row(category.word(), one -> one.category() == category);
            }
        }
        text.append(String.format(
                "%-28s %8s %24s%n",
                "agreement", percent(all.stream()), percent(all.stream().filter(Report::alone))));
    }

    /** How many; and of these, how many need no types of a kernel. */
    private void row(String label, Predicate<Judged> which) {
        List<Judged> found = all.stream().filter(which).toList();
        text.append(String.format(
                "%-28s %8d %8d need no kernel types%n",
                label, found.size(), found.stream().filter(Report::alone).count()));
    }

    private static String percent(Stream<Judged> programs) {
        List<Judged> counted = programs.filter(Judged::counts).toList();
        long agreed = counted.stream().filter(Judged::agrees).count();
        return counted.isEmpty()
                ? "-"
                : String.format(Locale.ROOT, "%.2f %%", 100.0 * (double) agreed / counted.size());
    }

    private void falseAccepts() {
        text.append("\nfalse accepts, with Linux's last words:\n");
        of(Category.FALSE_ACCEPTS)
                .forEach(one -> text.append("  ")
                        .append(one.object())
                        .append(' ')
                        .append(one.program())
                        .append(alone(one) ? "" : " {types}")
                        .append(": ")
                        .append(lastWords(one.theirs()))
                        .append('\n'));
    }

    /** The end of a log that may be long. */
    private static String lastWords(LinuxVerdict verdict) {
        String log = verdict instanceof LinuxVerdict.Rejected(String words) ? words.replace('\n', ' ') : "";
        return log.length() <= WIDTH ? log : "…" + log.substring(log.length() - WIDTH);
    }

    private void falseRejects() {
        text.append("\nfalse rejects by our code (all / need no kernel types):\n");
        grouped(of(Category.FALSE_REJECTS), one -> one.ours().kind())
                .forEach((code, list) -> text.append(String.format(
                        "  %-8s %5d %5d  e.g. %s %s: %s%n",
                        code,
                        list.size(),
                        list.stream().filter(Report::alone).count(),
                        list.getFirst().object(),
                        list.getFirst().program(),
                        list.getFirst().ours().line())));
    }

    private void objects() {
        text.append("\nobjects with most disagreements among programs that need no kernel types (false accepts, false")
                .append(" rejects, broken, of):\n");
        Map<String, List<Judged>> objects =
                grouped(all.stream().filter(Report::alone).filter(Judged::counts), Judged::object);
        objects.entrySet().stream()
                .filter(entry -> !entry.getValue().stream().allMatch(Judged::agrees))
                .sorted(Comparator.comparingLong((Map.Entry<String, List<Judged>> entry) ->
                        -entry.getValue().stream().filter(one -> !one.agrees()).count()))
                .limit(OBJECTS)
                .forEach(entry -> {
                    Map<Category, Integer> counts = new EnumMap<>(Category.class);
                    entry.getValue().forEach(one -> counts.merge(one.category(), 1, Integer::sum));
                    text.append(String.format(
                            "  %-44s %4d %4d %4d %4d%n",
                            entry.getKey(),
                            counts.getOrDefault(Category.FALSE_ACCEPTS, 0),
                            counts.getOrDefault(Category.FALSE_REJECTS, 0),
                            counts.getOrDefault(Category.CRASHES, 0) + counts.getOrDefault(Category.HANGS, 0),
                            entry.getValue().size()));
                });
    }

    private void slowest() {
        text.append("\nslowest:\n");
        all.stream()
                .sorted(Comparator.comparingLong(Judged::nanos).reversed())
                .limit(SLOWEST)
                .forEach(one -> text.append(String.format(
                        Locale.ROOT,
                        "  %9.1f ms %s %s: %s%n",
                        (double) one.nanos() / NANOS_A_MILLI,
                        one.object(),
                        one.program(),
                        one.ours().kind())));
    }

    /** Largest groups first. */
    private static Map<String, List<Judged>> grouped(Stream<Judged> programs, Function<Judged, String> key) {
        Map<String, List<Judged>> groups =
                programs.collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
        List<Map.Entry<String, List<Judged>>> sorted = new ArrayList<>(groups.entrySet());
        sorted.sort(Comparator.comparingInt(entry -> -entry.getValue().size()));
        return sorted.stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, LinkedHashMap::new));
    }
}
