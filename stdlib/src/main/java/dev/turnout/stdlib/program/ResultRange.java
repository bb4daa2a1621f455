package dev.turnout.stdlib.program;

/**
 * The results that Linux lets a program give. The whole of r0 is meant, signed.
 *
 * @param min least
 * @param max greatest
 * @param ofTarget whether the function that the program is attached to may allow others, which only the kernel's types say; then
 *     these are right for every such function
 */
public record ResultRange(long min, long max, boolean ofTarget) {
    /** Any number, or no result of meaning at all: the caller reads it as it likes. */
    public static final ResultRange ANY = new ResultRange(Long.MIN_VALUE, Long.MAX_VALUE, false);

    static final ResultRange ZERO = between(0, 0);
    static final ResultRange ZERO_OR_ONE = between(0, 1);

    static ResultRange between(long min, long max) {
        return new ResultRange(min, max, false);
    }
}
