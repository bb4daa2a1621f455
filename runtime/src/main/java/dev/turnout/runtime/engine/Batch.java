package dev.turnout.runtime.engine;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.PreparedInputs;
import dev.turnout.runtime.context.Redirection;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.image.CpuSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Feeds a program inputs, one after the other, on one slot.
 *
 * @param feed how packets are fed
 * @param repeat runs of each input
 * @param fuel instructions that a run may take
 */
public record Batch(PacketFeed feed, long repeat, long fuel) {
    /** In the list of verdicts: this input was not fed. */
    public static final long REFUSED = Long.MIN_VALUE;

    /**
     * What came out.
     *
     * @param runs in all, repetitions included
     * @param refused inputs that could not be fed
     * @param last r0 of the last run
     * @param verdicts the last r0 of each input, or {@link #REFUSED}
     * @param redirections where the last run of each input said that the packet goes on, whatever its verdict
     * @param steps instructions in all
     * @param nanos time of the runs, without feeding
     * @param output the packet or memory as the last run left it
     * @param context the context as the last run left it, without pointers: {@link
     *     dev.turnout.runtime.context.InputDescriptor#returnedContext}
     */
    public record Result(
            long runs,
            long refused,
            long last,
            List<Long> verdicts,
            List<Redirection> redirections,
            long steps,
            long nanos,
            ByteString output,
            ByteString context) {
        public Result {
            verdicts = List.copyOf(verdicts);
            redirections = List.copyOf(redirections);
        }

        /** How many inputs ended in which 32-bit verdict, by verdict: that of an input's last repetition. */
        public Map<Integer, Long> counts() {
            Map<Integer, Long> counts = new TreeMap<>();
            for (long verdict : verdicts) {
                if (verdict != REFUSED) {
                    counts.merge((int) verdict, 1L, Long::sum);
                }
            }
            return counts;
        }

        private Result and(Result later) {
            boolean ran = later.runs > 0;
            return new Result(
                    runs + later.runs,
                    refused + later.refused,
                    ran ? later.last : last,
                    verdicts,
                    redirections,
                    steps + later.steps,
                    nanos + later.nanos,
                    ran ? later.output : output,
                    ran ? later.context : context);
        }

        private Result with(List<Long> each) {
            return new Result(runs, refused, last, each, redirections, steps, nanos, output, context);
        }

        /** Average nanoseconds of a run. */
        public double nanosPerRun() {
            return runs == 0 ? 0 : (double) nanos / runs;
        }
    }

    /**
     * Runs all inputs.
     *
     * @return empty if the program cannot be fed such inputs at all, which was reported
     * @throws RunFault if a run was stopped
     */
    public Optional<Result> run(RunnableProgram program, List<? extends Input> inputs, Diagnostics diagnostics) {
        try (CpuSlots.Lease slot = program.machine().slots().lease()) {
            return run(program, inputs, slot, diagnostics);
        }
    }

    /** The same on a slot that the caller has leased. */
    public Optional<Result> run(
            RunnableProgram program, List<? extends Input> inputs, CpuSlots.Lease slot, Diagnostics diagnostics) {
        Feeding feeding = new Feeding(program.program(), feed);
        if (!feeding.takesAll(inputs, diagnostics)) {
            return Optional.empty();
        }
        if (repeat > 1 && feeding.feedsEachRun()) {
            return Optional.of(afresh(program, inputs, feeding, slot));
        }
        // One input needs no room but the workspace's.
        return Optional.of(
                inputs.size() == 1
                        ? one(program, inputs.getFirst(), feeding, slot)
                        : many(program, inputs, feeding, slot));
    }

    /** Each repetition on the input as it was given. */
    private Result afresh(RunnableProgram program, List<? extends Input> inputs, Feeding feeding, CpuSlots.Lease slot) {
        Batch once = new Batch(feed, 1, fuel);
        Result all = new Result(0, 0, 0, List.of(), List.of(), 0, 0, ByteString.EMPTY, ByteString.EMPTY);
        List<Long> verdicts = new ArrayList<>();
        for (Input input : inputs) {
            Result last = once.one(program, input, feeding, slot);
            all = all.and(last);
            for (long i = 1; i < repeat && last.refused() == 0; i++) {
                last = once.one(program, input, feeding, slot);
                all = all.and(last);
            }
            verdicts.addAll(last.verdicts());
        }
        return all.with(verdicts);
    }

    private Result one(RunnableProgram program, Input input, Feeding feeding, CpuSlots.Lease slot) {
        Workspace workspace = slot.workspace();
        if (!feeding.feed(input, workspace)) {
            return new Result(
                    0,
                    1,
                    0,
                    List.of(REFUSED),
                    List.of(new Redirection.None()),
                    0,
                    0,
                    ByteString.EMPTY,
                    ByteString.EMPTY);
        }
        Outcome outcome = program.run(slot, repeat, fuel);
        return new Result(
                outcome.runs(),
                0,
                outcome.result(),
                List.of(verdict(outcome.result())),
                List.of(workspace.input().redirection()),
                outcome.steps(),
                outcome.nanos(),
                ByteString.copyOf(workspace.input().output()),
                ByteString.copyOf(workspace.input().returnedContext()));
    }

    private Result many(RunnableProgram program, List<? extends Input> inputs, Feeding feeding, CpuSlots.Lease slot) {
        try (PreparedInputs prepared = feeding.room(inputs)) {
            Tally tally = new Tally(program, prepared, slot);
            for (Input input : inputs) {
                PreparedInputs.Placed placed = feeding.add(input, prepared);
                if (placed == PreparedInputs.Placed.FULL) {
                    tally.flush();
                    placed = feeding.add(input, prepared);
                }
                switch (placed) {
                    case READY -> tally.verdicts.add(0L);
                    case REFUSED -> tally.verdicts.add(REFUSED);
                    case FULL -> throw new IllegalStateException("an input is larger than all the room");
                }
            }
            tally.flush();
            return tally.result();
        } finally {
            slot.workspace().ownInput();
        }
    }

    private static long verdict(long result) {
        return result == REFUSED ? 0 : result;
    }

    /** What came out so far, of the inputs that stood in the prepared room one filling after the other. */
    private final class Tally {
        private final RunnableProgram program;
        private final PreparedInputs prepared;
        private final CpuSlots.Lease slot;
        private final List<Long> verdicts = new ArrayList<>();
        private final List<Redirection> redirections = new ArrayList<>();
        /** In {@link #verdicts}: where those of this filling begin. */
        private int first;

        private Outcome all = new Outcome(0, 0, 0, 0);
        private ByteString output = ByteString.EMPTY;
        private ByteString context = ByteString.EMPTY;

        Tally(RunnableProgram program, PreparedInputs prepared, CpuSlots.Lease slot) {
            this.program = program;
            this.prepared = prepared;
            this.slot = slot;
        }

        void flush() {
            if (prepared.count() > 0) {
                Outcome outcome = program.run(slot, prepared, repeat, fuel);
                all = new Outcome(
                        outcome.result(),
                        all.runs() + outcome.runs(),
                        all.steps() + outcome.steps(),
                        all.nanos() + outcome.nanos());
                InputDescriptor last = prepared.input(prepared.count() - 1);
                output = ByteString.copyOf(last.output());
                context = ByteString.copyOf(last.returnedContext());
                int ready = 0;
                for (int i = first; i < verdicts.size(); i++) {
                    if (verdicts.get(i) != REFUSED) {
                        InputDescriptor input = prepared.input(ready++);
                        verdicts.set(i, verdict(input.result()));
                        redirections.add(input.redirection());
                    } else {
                        redirections.add(new Redirection.None());
                    }
                }
                prepared.clear();
            }
            while (redirections.size() < verdicts.size()) {
                redirections.add(new Redirection.None());
            }
            first = verdicts.size();
        }

        Result result() {
            long refused = verdicts.stream().filter(one -> one == REFUSED).count();
            return new Result(
                    all.runs(),
                    refused,
                    all.result(),
                    verdicts,
                    redirections,
                    all.steps(),
                    all.nanos(),
                    output,
                    context);
        }
    }
}
