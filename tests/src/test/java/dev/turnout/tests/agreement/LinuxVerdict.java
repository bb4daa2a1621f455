package dev.turnout.tests.agreement;

/** What Linux said of a program. */
sealed interface LinuxVerdict {
    /** The program was loaded. */
    record Accepted() implements LinuxVerdict {}

    /**
     * Its verifier refused the program.
     *
     * @param log the last lines that it wrote
     */
    record Rejected(String log) implements LinuxVerdict {}

    /**
     * Its verifier gave no verdict.
     *
     * @param why in a word or two: rows of the table of what is not counted
     */
    record NotAsked(String why) implements LinuxVerdict {}
}
