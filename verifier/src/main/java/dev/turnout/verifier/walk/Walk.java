package dev.turnout.verifier.walk;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.invariant.InvariantTable;
import dev.turnout.verifier.invariant.Root;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.transfer.EntryState;

/** Decides a program by walking over its paths. */
public final class Walk {
    private Walk() {}

    /** What a walk has found. */
    public sealed interface Outcome {
        /** Instructions visited. */
        long steps();

        /** Every path ends, and everything on them holds. */
        record Proven(InvariantTable table, long steps) implements Outcome {}

        /** Something does not hold on the path that the violation names. */
        record Broken(Violation violation, long steps) implements Outcome {}

        /** There are more paths than there were steps or memory for. */
        record Exhausted(long steps) implements Outcome {}
    }

    /**
     * The verdict of both tries: what the second says, unless the first has proven the program, or has spent all steps. Less is
     * forgotten in the second, so it would only take longer.
     *
     * @param root where the paths begin
     */
    public static Outcome of(BpfProgram program, Options options, Root root) {
        Outcome first = new PathWalk(program, options, options.walk(), true)
                .run(root.function(), EntryState.of(program, options, root));
        return switch (first) {
            case Outcome.Proven _, Outcome.Exhausted _ -> first;
            case Outcome.Broken broken -> again(program, options, root, broken);
        };
    }

    private static Outcome again(BpfProgram program, Options options, Root root, Outcome.Broken first) {
        long left = options.walk() - first.steps();
        Outcome second =
                new PathWalk(program, options, left, false).run(root.function(), EntryState.of(program, options, root));
        long steps = first.steps() + second.steps();
        return switch (second) {
            case Outcome.Proven proven -> new Outcome.Proven(proven.table(), steps);
            case Outcome.Broken broken -> new Outcome.Broken(broken.violation(), steps);
            case Outcome.Exhausted _ -> new Outcome.Broken(first.violation(), steps);
        };
    }
}
