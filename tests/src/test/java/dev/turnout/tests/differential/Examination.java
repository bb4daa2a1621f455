package dev.turnout.tests.differential;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.VerifiedProgram;
import dev.turnout.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Verifies a trial's program and runs it on every way. The first way checks every access, and so is the judge of the verifier. */
final class Examination {
    private final List<Way> ways;
    private final Options options;

    Examination(List<Way> ways) {
        this(ways, Options.exec());
    }

    Examination(List<Way> ways, Options options) {
        this.ways = ways;
        this.options = options;
    }

    /** What came out. */
    sealed interface Result {
        /** The verifier did not take it. */
        record Rejected() implements Result {}

        /** It would have taken longer than anybody waits. */
        record TooLong() implements Result {}

        /**
         * All that ran it agree.
         *
         * @param declined the names of those that did not
         */
        record Agreed(List<String> declined) implements Result {
            public Agreed {
                declined = List.copyOf(declined);
            }
        }

        /** Something is wrong. */
        record Wrong(String what) implements Result {}
    }

    Result examine(Trial trial) {
        try {
            return switch (Verifier.verify(trial.program(), options)) {
                case Verdict.Rejected _ -> new Result.Rejected();
                case Verdict.Verified verified -> compare(trial, new Way.Proven(verified.program(), targets(trial)));
            };
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            return new Result.Wrong("thrown: " + e + (trace.length > 0 ? " at " + trace[0] : ""));
        }
    }

    /** Those that are accepted: the places of others stay empty. */
    private static Map<Integer, VerifiedProgram> targets(Trial trial) {
        Map<Integer, VerifiedProgram> targets = new TreeMap<>();
        for (int index = 0; index < trial.targets().size(); index++) {
            if (Verifier.verify(trial.targets().get(index), Options.exec()) instanceof Verdict.Verified verified) {
                targets.put(index, verified.program());
            }
        }
        return targets;
    }

    private Result compare(Trial trial, Way.Proven proven) {
        if (!(ways.getFirst().see(trial, proven) instanceof Way.Seen.Ran(Observation reference))) {
            return new Result.Agreed(List.of(ways.getFirst().name()));
        }
        for (Observation.Ending ending : reference.endings()) {
            if (ending instanceof Observation.Ending.Stopped(String code, String message)) {
                return code.equals(DiagnosticCode.R0110.name())
                        ? new Result.TooLong()
                        : new Result.Wrong("verified, but stopped by " + code + ": " + message);
            }
        }
        List<String> declined = new ArrayList<>();
        for (Way way : ways.subList(1, ways.size())) {
            switch (way.see(trial, proven)) {
                case Way.Seen.Declined _ -> declined.add(way.name());
                case Way.Seen.Ran(Observation other) -> {
                    Observation expected = way.shown(trial, reference);
                    if (!other.equals(expected)) {
                        return new Result.Wrong(difference(way.name(trial), other, expected));
                    }
                }
            }
        }
        return new Result.Agreed(declined);
    }

    private String difference(String name, Observation other, Observation reference) {
        StringBuilder text =
                new StringBuilder(name + " differs from " + ways.getFirst().name());
        // A run that was stopped has no others behind it.
        for (int run = 0;
                run < Math.min(reference.endings().size(), other.endings().size());
                run++) {
            if (!other.endings().get(run).equals(reference.endings().get(run))) {
                text.append("; run ")
                        .append(run)
                        .append(": ")
                        .append(other.endings().get(run));
                text.append(" instead of ").append(reference.endings().get(run));
            }
        }
        reference.maps().forEach((map, entries) -> {
            if (!entries.equals(other.maps().get(map))) {
                text.append("; map ")
                        .append(map)
                        .append(": ")
                        .append(other.maps().get(map));
                text.append(" instead of ").append(entries);
            }
        });
        return text.toString();
    }
}
