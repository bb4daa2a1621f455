package dev.turnout.driver.run;

import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.runtime.map.Datum;
import dev.turnout.stdlib.program.ProgramType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What runs gave.
 *
 * @param type of the program, by which verdicts are named
 * @param runs in all, repetitions included
 * @param results the last verdict of each input; absent for one that the engine cannot be fed
 * @param last the verdict of the last run
 * @param steps instructions executed in all; 0 if the engine does not count
 * @param nanosPerRun average
 * @param context what the last run left of the context, where one was given: fields that are not zero
 * @param redirects where packets were redirected to, and how many; empty if the engine does not know
 * @param maps what the maps hold afterwards, by name
 * @param printed lines that the program printed, as far as the engine sees them
 */
public record RunReport(
        String program,
        String engine,
        Optional<ProgramType> type,
        long runs,
        List<Optional<Integer>> results,
        int last,
        long steps,
        double nanosPerRun,
        Optional<Datum> context,
        List<Datum> redirects,
        Map<String, Datum> maps,
        List<String> printed) {
    public RunReport {
        results = List.copyOf(results);
        redirects = List.copyOf(redirects);
        printed = List.copyOf(printed);
    }

    /** Inputs that were not fed. */
    public long refused() {
        return results.stream().filter(Optional::isEmpty).count();
    }

    /** How many inputs ended in which verdict, by its name, or as a number where it has none; in order of the numbers. */
    public Map<String, Long> verdicts() {
        Map<Integer, Long> counts = new TreeMap<>();
        results.forEach(one -> one.ifPresent(verdict -> counts.merge(verdict, 1L, Long::sum)));
        Map<String, Long> named = new LinkedHashMap<>();
        counts.forEach((verdict, count) -> named.put(name(verdict), count));
        return named;
    }

    /** The name of a verdict, or its number. */
    public String name(int verdict) {
        return type.flatMap(known -> known.verdicts().name(verdict)).orElseGet(() -> Integer.toString(verdict));
    }

    /** One line, as the command line's contract has it. */
    public String json(boolean withMaps) {
        StringBuilder verdicts = new StringBuilder("{");
        verdicts().forEach((name, count) -> {
            if (verdicts.length() > 1) {
                verdicts.append(',');
            }
            JsonLine.quote(verdicts, name);
            verdicts.append(':').append(count.longValue());
        });
        JsonLine line = new JsonLine()
                .text("program", program)
                .text("engine", engine)
                .number("runs", runs)
                .raw("verdicts", verdicts.append('}'))
                .number("retval", last)
                .number("refused", refused())
                .decimal("ns_per_run", nanosPerRun, 1);
        if (steps > 0) {
            line.number("steps", steps);
        }
        if (context.isPresent()) {
            line.raw("context", DatumJson.print(context.get()));
        }
        if (!redirects.isEmpty()) {
            line.raw("redirects", DatumJson.print(new Datum.Items(redirects)));
        }
        if (withMaps) {
            line.raw("maps", DatumJson.print(new Datum.Fields(maps)));
        }
        return line.toString();
    }
}
