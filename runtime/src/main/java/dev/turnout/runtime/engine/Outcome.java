package dev.turnout.runtime.engine;

/**
 * What runs gave.
 *
 * @param result r0 of the last repetition, all 64 bits
 * @param runs repetitions
 * @param steps instructions executed in all of them, a wide load counting once; 0 if the engine does not count
 * @param nanos time in all
 */
public record Outcome(long result, long runs, long steps, long nanos) {
    /** r0 as a program of the kernel's types returns it: 32 bits with sign. */
    public int verdict() {
        return (int) result;
    }
}
