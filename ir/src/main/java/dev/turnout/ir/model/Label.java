package dev.turnout.ir.model;

/**
 * The name of a block within its function.
 *
 * @param index number within the function, from 0 (the entry)
 */
public record Label(int index) {
    public static final Label ENTRY = new Label(0);

    /** {@code b3}. */
    @Override
    public String toString() {
        return "b" + index;
    }
}
