package dev.turnout.verifier.report;

import java.util.List;

/**
 * One way through a program to an instruction, by the decisions on it. What happens between two decisions follows from the
 * code: instructions one after the other, plain jumps, direct calls, and returns from them.
 *
 * @param start the slot where the function begins that is entered from outside: 0, or that of a function that is verified
 *     alone or called later
 * @param steps in the order of the way
 */
public record Path(int start, List<Step> steps) {
    /**
     * A decision: of a conditional jump, a {@code gotox}, a {@code may_goto}, a {@code callx}, an iterator; a helper that goes
     * into its callback; a callback that ends.
     *
     * @param slot the instruction
     * @param to the slot where control goes on
     */
    public record Step(int slot, int to) {}

    public Path {
        steps = List.copyOf(steps);
    }
}
