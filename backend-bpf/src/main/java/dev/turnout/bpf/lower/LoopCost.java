package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What Linux's verifier spends on a loop in plain form: it walks each round, and where the body branches, each way of each. The
 * number of ways multiplies from round to round unless their states meet again, so a branching loop is plain only if it is tiny.
 */
final class LoopCost {
    /** Steps that a straight loop may take; a kernel gives up at 1,000,000, for all loops of a program. */
    private static final long MOST_STRAIGHT = 60_000;

    private static final long MOST_BRANCHING = 150;
    private static final long ENDLESS = 1L << 40;

    private final Function function;
    private final List<LoopForest.Loop> loops;
    private final ToLongFunction<LoopForest.Loop> rounds;

    /**
     * Of the loops of a function.
     *
     * @param rounds an upper bound of a loop's rounds by its constants, -1 if there is none
     */
    LoopCost(Function function, List<LoopForest.Loop> loops, ToLongFunction<LoopForest.Loop> rounds) {
        this.function = function;
        this.loops = loops;
        this.rounds = rounds;
    }

    /** Why the plain form would not do; empty if it would. */
    String reason(int number) {
        LoopForest.Loop loop = loops.get(number);
        if (rounds.applyAsLong(loop) < 0) {
            return "the number of rounds is not constant";
        }
        long ways = ways(loop);
        long steps = steps(number);
        if (ways > 0 && steps * (1 + ways) > MOST_BRANCHING) {
            return "its body branches";
        }
        return steps > MOST_STRAIGHT ? "it has many rounds" : "";
    }

    /** Ways that a round can take, but for the first. */
    private long ways(LoopForest.Loop loop) {
        long ways = 0;
        for (int at : loop.blocks()) {
            int inside = 0;
            for (Target to : function.blocks().get(at).terminator().targets()) {
                inside += loop.blocks().contains(to.block().index()) ? 1 : 0;
            }
            ways += Math.max(0, inside - 1);
        }
        // What stands behind a loop is walked once for each round in which it may be left, if that is not the end.
        int left = 0;
        for (int at : loop.blocks()) {
            for (Target to : function.blocks().get(at).terminator().targets()) {
                boolean ends = function.block(to.block()).terminator() instanceof Terminator.Return;
                left += ends || loop.blocks().contains(to.block().index()) ? 0 : 1;
            }
        }
        ways += Math.max(0, left - 1);
        // The test of an inner loop is no choice: it is taken so often, then not.
        for (LoopForest.Loop other : loops) {
            ways -= other.depth() > loop.depth() && loop.blocks().contains(other.header()) ? 1 : 0;
        }
        return ways;
    }

    private long steps(int number) {
        LoopForest.Loop loop = loops.get(number);
        long body = 0;
        for (int at : loop.blocks()) {
            body += function.blocks().get(at).insts().size() + 1;
        }
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).parent() == number) {
                body += Math.min(ENDLESS, steps(i));
            }
        }
        long count = rounds.applyAsLong(loop);
        return count < 0 || count > ENDLESS / Math.max(1, body) ? ENDLESS : count * body;
    }
}
