package dev.turnout.diagnostics.diagnostic;

import java.util.Locale;

/** How much a diagnostic matters: an error stops the pipeline behind the stage that reports it. */
public enum Severity {
    ERROR,
    WARNING;

    /** {@code error} or {@code warning}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
