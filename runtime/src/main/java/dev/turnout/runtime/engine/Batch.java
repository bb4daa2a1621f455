package dev.turnout.runtime.engine;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.stdlib.program.ProgramType;
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
     * @param steps instructions in all
     * @param nanos time of the runs, without feeding
     * @param output the packet or memory as the last run left it
     */
    public record Result(
            long runs, long refused, long last, List<Long> verdicts, long steps, long nanos, ByteString output) {
        public Result {
            verdicts = List.copyOf(verdicts);
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
        List<Long> verdicts = new ArrayList<>(inputs.size());
        long runs = 0;
        long refused = 0;
        long last = 0;
        long steps = 0;
        long nanos = 0;
        for (Input input : inputs) {
            Optional<Boolean> fed = feed(program.program(), input, slot.workspace(), diagnostics);
            if (fed.isEmpty()) {
                return Optional.empty();
            }
            if (!fed.get()) {
                refused++;
                verdicts.add(REFUSED);
                continue;
            }
            Outcome outcome = program.run(slot, repeat, fuel);
            runs += outcome.runs();
            steps += outcome.steps();
            nanos += outcome.nanos();
            last = outcome.result();
            verdicts.add(last == REFUSED ? 0 : last);
        }
        Workspace workspace = slot.workspace();
        byte[] output = workspace.data() != 0 ? workspace.packet() : workspace.contextBytes();
        return Optional.of(new Result(runs, refused, last, verdicts, steps, nanos, ByteString.copyOf(output)));
    }

    /** Whether the input could be fed; empty if the program takes no inputs of this kind. */
    private Optional<Boolean> feed(BpfProgram program, Input input, Workspace workspace, Diagnostics diagnostics) {
        return switch (program.entry()) {
            case BpfProgram.Entry.Memory memory ->
                switch (input) {
                    case Input.Memory(ByteString bytes) ->
                        bytes.size() == memory.bytes()
                                ? Optional.of(workspace.useMemory(bytes.toArray()))
                                : wrong(
                                        "the program was verified for " + memory.bytes() + " bytes of memory",
                                        diagnostics);
                    case Input.Packet _ -> wrong("the program takes memory, no packets", diagnostics);
                };
            case BpfProgram.Entry.Context(ProgramType type) ->
                switch (input) {
                    case Input.Packet(ByteString frame) ->
                        type.feed() == ProgramType.Feed.NONE
                                ? wrong("programs of type `" + type.word() + "` take no packets", diagnostics)
                                : Optional.of(feed.feed(workspace, type, frame.toArray()));
                    case Input.Memory(ByteString bytes) ->
                        type.feed() == ProgramType.Feed.NONE
                                ? Optional.of(workspace.useMemory(bytes.toArray()))
                                : wrong(
                                        "programs of type `" + type.word() + "` take packets, no raw context",
                                        diagnostics);
                };
        };
    }

    private static Optional<Boolean> wrong(String message, Diagnostics diagnostics) {
        diagnostics.report(Diagnostic.general(DiagnosticCode.R0112, message));
        return Optional.empty();
    }
}
