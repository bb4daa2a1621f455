package dev.turnout.runtime.helper;

/**
 * A helper that calls a function of the program back, turn by turn: the helper says what the function is given, the engine calls it. For
 * one run and one call.
 */
public interface Turns {
    /** Registers that a turn sets, from r1 on. */
    int ARGUMENTS = 4;

    /**
     * Whether there is a turn, and what it is called with.
     *
     * @param previous what the function returned in the turn before; 0 before the first
     * @param arguments gets r1 to r4
     */
    boolean next(long previous, long[] arguments);

    /** What the helper returns, once there is no turn any more. */
    long result();

    /** No turn: the helper returns at once. */
    static Turns none(long result) {
        return new Turns() {
            @Override
            public boolean next(long previous, long[] arguments) {
                return false;
            }

            @Override
            public long result() {
                return result;
            }
        };
    }
}
