package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.diagnostic.Severity;

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

    /**
     * Of a run that was not, whatever the command: a program that a verifier, ours or the kernel's, or the compiler refuses is wrong. All else
     * (a machine or kernel that lacks something, a right that is missing, a preset that does not fit) is a matter of usage.
     */
    public static ExitCode of(Diagnostics diagnostics) {
        for (Diagnostic one : diagnostics.all()) {
            char kind = one.code().name().charAt(0);
            if (one.severity() == Severity.ERROR
                    && (kind == 'E' || kind == 'V' || one.code() == DiagnosticCode.R0122)) {
                return PROGRAM_WRONG;
            }
        }
        return USAGE;
    }
}
