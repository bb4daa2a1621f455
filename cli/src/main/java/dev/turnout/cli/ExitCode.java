package dev.turnout.cli;

/** How the process ends; other programs rely on these numbers. */
public enum ExitCode {
    SUCCESS(0),
    /** The program is wrong: a compile error, a rejection, a failed test. */
    PROGRAM_WRONG(1),
    /** Wrong usage, or input that cannot be read. */
    USAGE(2),
    /** Our own bug. */
    INTERNAL(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
