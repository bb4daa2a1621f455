package dev.turnout.ir.model;

/**
 * Where in the user's text something came from; it ends up as BTF line information.
 *
 * @param file name of the source file, empty if unknown
 * @param line from 1; 0 if unknown
 * @param column from 1; 0 if unknown
 */
public record Location(String file, int line, int column) {
    /** Nowhere: made by the compiler, or read from a text without locations. */
    public static final Location UNKNOWN = new Location("", 0, 0);

    public boolean isKnown() {
        return line > 0;
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
