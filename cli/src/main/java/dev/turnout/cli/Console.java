package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.JsonRenderer;
import dev.turnout.diagnostics.render.TerminalRenderer;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * Standard input for what is given by {@code -}, standard output for results, standard error for diagnostics. With {@code --json} both carry one JSON object a line.
 */
public final class Console {
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;

    Console(InputStream in, PrintStream out, PrintStream err, boolean json) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /** Whether the user asked for JSON. */
    public boolean json() {
        return json;
    }

    /** Standard input. */
    public InputStream input() {
        return in;
    }

    /** Writes a result as it is. */
    public void print(String text) {
        out.print(text);
    }

    /** Writes a line of a result. */
    public void line(String text) {
        out.print(text);
        out.print('\n');
    }

    /** Shows what was written so far to whoever reads along. */
    public void flush() {
        out.flush();
    }

    /** Writes a line that is no diagnostic to standard error. May be called by any thread. */
    public void errorLine(String text) {
        errorText(text + "\n");
    }

    void errorText(String text) {
        out.flush();
        err.print(text);
    }

    public void report(Diagnostic diagnostic) {
        out.flush();
        err.print(json ? JsonRenderer.render(diagnostic) + "\n" : new TerminalRenderer(false).render(diagnostic));
        err.flush();
    }

    /** Writes diagnostics in order, at most a screen of them, and a line that counts errors. */
    public void report(Diagnostics diagnostics) {
        out.flush();
        if (!json) {
            err.print(new TerminalRenderer(false).render(diagnostics));
        } else {
            for (Diagnostic one : diagnostics.all()) {
                err.print(JsonRenderer.render(one) + "\n");
            }
        }
        err.flush();
    }
}
