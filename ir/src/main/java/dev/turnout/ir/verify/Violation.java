package dev.turnout.ir.verify;

/**
 * A rule of the IR that is broken.
 *
 * @param function name of the function; empty if it is the module's
 * @param block position of the block; -1 for the function itself
 * @param index position of the instruction; -1 for the block's head, the number of instructions for its terminator
 * @param message what is wrong, with names as in the printed text
 */
public record Violation(String function, int block, int index, String message) {
    @Override
    public String toString() {
        String place = block < 0 ? "" : index < 0 ? " b" + block : " b" + block + "." + index;
        return "@" + function + place + ": " + message;
    }
}
