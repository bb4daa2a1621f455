package dev.turnout.verifier;

/**
 * What a program is held to, besides safety.
 *
 * @param policy whose rules of loading apply
 * @param aim what the verdict is for
 * @param budget instructions that the analysis may look at in all; past it, it loses precision first and then gives up,
 *     so that a verdict always comes in bounded time
 * @param walk instructions that the walk over paths may look at, which decides what the analysis could not
 */
public record Options(Policy policy, Aim aim, long budget, long walk) {
    /** Whose rules of loading apply. */
    public enum Policy {
        /** As Linux 7.2 loads: no unreachable code, no constant shift past the width, no constant divisor of zero. */
        LINUX,
        /** As RFC 9669 defines the instructions, for {@code exec}: none of these rules. */
        EXEC
    }

    /** What the verdict is for. */
    public enum Aim {
        /** To run the program in this process: it learns no address, and nothing that it did not write itself. */
        RUN,
        /**
         * To say what Linux 7.2 says when root loads the program (CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN). Root may read stack
         * bytes that nothing wrote, and may keep and show addresses as numbers; and where Linux looks away on purpose (a
         * shift by an unknown count tells nothing), so do we.
         */
        PREDICT
    }

    /** Instructions that an analysis may visit unless stated otherwise. */
    public static final long DEFAULT_BUDGET = 2_000_000;

    /** Instructions that a walk over paths may visit unless stated otherwise: as many as Linux's. */
    public static final long DEFAULT_WALK = 1_000_000;

    public Options {
        if (budget < 1 || walk < 0) {
            throw new IllegalArgumentException("a budget of " + budget + ", a walk of " + walk);
        }
    }

    /** To run the program here. */
    public Options(Policy policy, long budget) {
        this(policy, Aim.RUN, budget, DEFAULT_WALK);
    }

    /** Linux's rules, to run the program here. */
    public static Options linux() {
        return new Options(Policy.LINUX, Aim.RUN, DEFAULT_BUDGET, DEFAULT_WALK);
    }

    /** Linux's verdict on the program, loaded by root. */
    public static Options kernel() {
        return new Options(Policy.LINUX, Aim.PREDICT, DEFAULT_BUDGET, DEFAULT_WALK);
    }

    public static Options exec() {
        return new Options(Policy.EXEC, Aim.RUN, DEFAULT_BUDGET, DEFAULT_WALK);
    }

    /** Whether to overlook what Linux overlooks, so that the verdict is Linux's. */
    public boolean predicts() {
        return aim == Aim.PREDICT;
    }

    /** Whether the program may learn addresses, and what stands in memory that it did not write. */
    public boolean mayLeak() {
        return aim == Aim.PREDICT;
    }
}
