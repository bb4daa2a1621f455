package dev.turnout.api;

import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.map.Datum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a batch of inputs gave. */
public final class BatchResult {
    private final Program program;
    private final Batch.Result result;

    private final List<Datum> redirects;

    BatchResult(Program program, Batch.Result result, List<Datum> redirects) {
        this.program = program;
        this.result = result;
        this.redirects = redirects;
    }

    /** Number of inputs. */
    public int size() {
        return result.verdicts().size();
    }

    /** Whether the program could not be fed this input: it is too long, or too short for its type. */
    public boolean refused(int index) {
        return result.verdicts().get(index) == Batch.REFUSED;
    }

    /**
     * The last r0 of an input. Of the 2^64 values one cannot be told: -2^63 comes as 0, since a batch marks what it could not feed
     * with it. {@link Program#run} and {@link Runner} tell all.
     *
     * @throws IllegalStateException if it was {@link #refused}
     */
    public long value(int index) {
        if (refused(index)) {
            throw new IllegalStateException("input " + index + " could not be fed");
        }
        return result.verdicts().get(index);
    }

    /** The last r0 of each input that was fed, in order. */
    public List<Long> values() {
        return result.verdicts().stream().filter(one -> one != Batch.REFUSED).toList();
    }

    /** How many inputs ended in which verdict, by its name, in the order of the numbers. */
    public Map<String, Long> verdicts() {
        Map<Integer, Long> counts = new TreeMap<>(result.counts());
        Map<String, Long> named = new LinkedHashMap<>();
        counts.forEach((verdict, count) -> named.put(program.verdict(verdict), count));
        return named;
    }

    /** Where packets were redirected to: as in {@link RunResult#redirect}, with a count of {@code packets}, each way once. */
    public List<Datum> redirects() {
        return redirects;
    }

    /** Runs in all, repetitions included. */
    public long runs() {
        return result.runs();
    }

    /** Average, measured around the runs, without the feeding. */
    public double nanosPerRun() {
        return result.nanosPerRun();
    }
}
