package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import java.util.List;
import java.util.stream.Collectors;

/** Something that a text or an object is the reason of. The message is what the command line would print. */
public abstract sealed class TurnoutException extends RuntimeException
        permits CompileException, LoadException, MapException, RunException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    private final transient List<Diagnostic> diagnostics;

    TurnoutException(List<Diagnostic> diagnostics) {
        super(rendered(diagnostics));
        this.diagnostics = List.copyOf(diagnostics);
    }

    TurnoutException(Diagnostics diagnostics) {
        this(diagnostics.all());
    }

    private static String rendered(List<Diagnostic> diagnostics) {
        TerminalRenderer renderer = new TerminalRenderer(false);
        return diagnostics.stream()
                .map(renderer::render)
                .collect(Collectors.joining())
                .strip();
    }

    /** What was said, in order: codes, places in the text, notes and help, as data. At least one. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
