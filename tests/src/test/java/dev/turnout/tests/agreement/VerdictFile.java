package dev.turnout.tests.agreement;

import dev.turnout.driver.json.DatumJson;
import dev.turnout.runtime.map.Datum;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Linux's verdicts, a JSON object a line: {@code object} (file name), {@code program}, {@code section}, {@code verdict}
 * ({@code ok}, {@code rejected}, or another word where the verifier was not asked), {@code log}, {@code processed} (instructions
 * that the verifier looked at; -1 if it did not begin), {@code flags} of the request, {@code libbpf} (the loader's own first
 * complaint). Other members are passed over.
 */
final class VerdictFile {
    /** Alignment stricter than the machine's: a request that ours does not know. */
    private static final long STRICT_ALIGNMENT = 1;

    /** What libbpf says of maps of programs, which it fills when the programs are loaded: the verifier had agreed. */
    private static final String FILLED_BEHIND = "failed to initialize slot";

    /** A line. */
    record Row(String program, String section, LinuxVerdict verdict) {}

    private VerdictFile() {}

    /** Rows by object, both in the order of the file. Lines about no program say how the file came about; they are passed over. */
    static Map<String, List<Row>> read(Path file) throws IOException {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.contains("\"program\"")) {
                continue;
            }
            StringBuilder why = new StringBuilder();
            if (!(DatumJson.parse(line, why).orElse(null) instanceof Datum.Fields(Map<String, Datum> fields))) {
                throw new IOException(file + ":" + number + ": no JSON object" + why);
            }
            String program = text(fields, "program");
            if (!program.isEmpty()) {
                rows.computeIfAbsent(text(fields, "object"), _ -> new ArrayList<>())
                        .add(new Row(program, text(fields, "section"), verdict(fields)));
            }
        }
        return rows;
    }

    private static LinuxVerdict verdict(Map<String, Datum> fields) {
        String word = text(fields, "verdict");
        if ((number(fields, "flags") & STRICT_ALIGNMENT) != 0) {
            return new LinuxVerdict.NotAsked("strict alignment was asked for");
        }
        return switch (word) {
            case "ok" -> new LinuxVerdict.Accepted();
            case "rejected" -> rejection(fields);
            default -> new LinuxVerdict.NotAsked(word);
        };
    }

    /** Not every failure to load is the verifier's word: it may not have been asked, or have agreed before something else failed. */
    private static LinuxVerdict rejection(Map<String, Datum> fields) {
        String log = text(fields, "log");
        String loader = text(fields, "libbpf");
        boolean asked = number(fields, "processed") >= 0;
        // The log goes on with what was found right.
        if (asked && loader.contains(FILLED_BEHIND)) {
            return new LinuxVerdict.Accepted();
        }
        if (!log.isEmpty()) {
            return new LinuxVerdict.Rejected(log);
        }
        return new LinuxVerdict.NotAsked(asked ? "refused without a word" : "refused before the verifier");
    }

    private static String text(Map<String, Datum> fields, String name) {
        return fields.get(name) instanceof Datum.Text(String value) ? value : "";
    }

    private static long number(Map<String, Datum> fields, String name) {
        return fields.get(name) instanceof Datum.Number(BigInteger value) ? value.longValue() : 0;
    }
}
