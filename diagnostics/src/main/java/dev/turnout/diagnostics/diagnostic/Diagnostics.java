package dev.turnout.diagnostics.diagnostic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The list that a stage appends to while it goes on. Owned by one compilation and one thread. Past {@link #LIMIT} errors
 * only the count grows: nobody reads the hundredth.
 */
public final class Diagnostics {
    /** Errors kept; further ones are counted. */
    public static final int LIMIT = 50;

    private final List<Diagnostic> all = new ArrayList<>();
    private int errors;

    public void report(Diagnostic diagnostic) {
        boolean isError = diagnostic.severity() == Severity.ERROR;
        if (isError) {
            errors++;
        }
        if (!isError || errors <= LIMIT) {
            all.add(diagnostic);
        }
    }

    public boolean hasErrors() {
        return errors > 0;
    }

    /** Number of errors reported, those past the limit included. */
    public int errorCount() {
        return errors;
    }

    /** What was reported, in order. A live, unmodifiable view. */
    public List<Diagnostic> all() {
        return Collections.unmodifiableList(all);
    }
}
