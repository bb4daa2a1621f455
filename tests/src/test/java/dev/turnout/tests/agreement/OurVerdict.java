package dev.turnout.tests.agreement;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;

/** What we say of a program. */
sealed interface OurVerdict {
    record Accepted(long steps) implements OurVerdict {}

    /**
     * The verifier refused it.
     *
     * @param slot the instruction of the first violation
     */
    record Rejected(DiagnosticCode code, int slot, String message, long steps) implements OurVerdict {}

    /** The object, or the program in it, could not be read. */
    record Unloadable(DiagnosticCode code, String message) implements OurVerdict {}

    /**
     * We broke.
     *
     * @param where the innermost frames
     */
    record Crashed(String exception, String where) implements OurVerdict {}

    /** No verdict in the time that a program is given. */
    record Hung() implements OurVerdict {}

    default boolean accepts() {
        return this instanceof Accepted;
    }

    /** The kind of answer, in a word. */
    default String kind() {
        return switch (this) {
            case Accepted _ -> "accepted";
            case Rejected rejected -> rejected.code().name();
            case Unloadable unloadable -> unloadable.code().name();
            case Crashed _ -> "crashed";
            case Hung _ -> "hung";
        };
    }

    /** The whole answer, on a line. */
    default String line() {
        return switch (this) {
            case Accepted(long steps) -> "accepted in " + steps + " steps";
            case Rejected(DiagnosticCode code, int slot, String message, long _) ->
                code + " at " + slot + ": " + message;
            case Unloadable(DiagnosticCode code, String message) -> code + ": " + message;
            case Crashed(String exception, String where) -> exception + " " + where;
            case Hung _ -> "no verdict in time";
        };
    }
}
