package dev.turnout.verifier;

/**
 * What a program is held to, besides safety.
 *
 * @param policy whose rules of loading apply
 * @param budget instructions that the analysis may look at in all; past it, it loses precision first and then gives up,
 *     so that a verdict always comes in bounded time
 */
public record Options(Policy policy, long budget) {
    /** Whose rules of loading apply. */
    public enum Policy {
        /** As Linux 7.2 loads: no unreachable code, no constant shift past the width, no constant divisor of zero. */
        LINUX,
        /** As RFC 9669 defines the instructions, for {@code exec}: none of these rules. */
        EXEC
    }

    /** Instructions that an analysis may visit unless stated otherwise. */
    public static final long DEFAULT_BUDGET = 2_000_000;

    public Options {
        if (budget < 1) {
            throw new IllegalArgumentException("a budget of " + budget);
        }
    }

    public static Options linux() {
        return new Options(Policy.LINUX, DEFAULT_BUDGET);
    }

    public static Options exec() {
        return new Options(Policy.EXEC, DEFAULT_BUDGET);
    }
}
