package dev.turnout.ir.model;

/**
 * A value of one function, defined once: by a block parameter or an instruction.
 *
 * @param index number within the function, from 0
 * @param type what it is; never changes
 */
public record Value(int index, Type type) {
    /** {@code v7}. */
    @Override
    public String toString() {
        return "v" + index;
    }
}
