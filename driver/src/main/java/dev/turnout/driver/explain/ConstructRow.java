package dev.turnout.driver.explain;

import dev.turnout.bpf.codegen.LoweringReport;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.Location;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a construct of a text became, a row of {@code --explain}.
 *
 * @param text the construct as it is written, without attributes and label: {@code switch (ip.proto)}
 */
public record ConstructRow(LoweringReport.Row row, String text) {
    private static final Pattern SWITCH =
            Pattern.compile("(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:\\w+\\s*:\\s*)?(switch\\s*\\()");

    /**
     * The rows of a report in the order of the text; those without a place come last.
     *
     * @param sources the texts by name
     */
    public static List<ConstructRow> of(LoweringReport report, Map<String, SourceFile> sources) {
        return report.rows().stream()
                .sorted(Comparator.comparing(
                        LoweringReport.Row::at,
                        Comparator.comparing((Location at) -> !at.isKnown())
                                .thenComparing(Location::file)
                                .thenComparingInt(Location::line)
                                .thenComparingInt(Location::column)))
                .map(row -> new ConstructRow(row, text(row, sources)))
                .toList();
    }

    /** Only a {@code switch} has no name of its own in the report: it is called by what it looks at. */
    private static String text(LoweringReport.Row row, Map<String, SourceFile> sources) {
        SourceFile source = sources.get(row.at().file());
        if (source == null
                || !row.construct().equals("switch")
                || !row.at().isKnown()
                || row.at().line() > source.lineCount()) {
            return row.construct();
        }
        String line = source.lineText(row.at().line());
        Matcher head = SWITCH.matcher(line);
        if (!head.find(Math.min(line.length(), Math.max(0, row.at().column() - 1)))) {
            return row.construct();
        }
        int depth = 1;
        int end = head.end();
        while (end < line.length() && depth > 0) {
            char c = line.charAt(end++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return depth == 0 ? line.substring(head.start(1), end) : row.construct();
    }

    /** Place, construct, form, and the reason if there is one. */
    public String line() {
        String place = row.at().isKnown() ? row.at().file() + ":" + row.at().line() : row.function();
        return place + " " + text + "    " + row.form() + (row.reason().isEmpty() ? "" : "  [" + row.reason() + "]");
    }

    public String json() {
        return new JsonLine()
                .text("function", row.function())
                .number("line", row.at().line())
                .text("construct", row.construct())
                .text("text", text)
                .text("form", row.form())
                .text("reason", row.reason())
                .toString();
    }
}
