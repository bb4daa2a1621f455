package dev.turnout.diagnostics.diagnostic;

import dev.turnout.diagnostics.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing said to the user, as data. Immutable: the {@code with…} methods return an enriched copy.
 *
 * @param code the row that this is an instance of
 * @param message one sentence without capital or period; code in back-quotes
 * @param primary where; absent when the mistake has no place in a text (an unreadable file, an object without lines)
 * @param secondary why: other places that take part
 * @param notes context: what is known, what was required
 * @param helps what to write instead
 */
public record Diagnostic(
        DiagnosticCode code,
        String message,
        Optional<Label> primary,
        List<Label> secondary,
        List<String> notes,
        List<String> helps) {
    public Diagnostic {
        secondary = List.copyOf(secondary);
        notes = List.copyOf(notes);
        helps = List.copyOf(helps);
    }

    /** A diagnostic at a place. */
    public static Diagnostic at(Span span, DiagnosticCode code, String message) {
        return new Diagnostic(code, message, Optional.of(new Label(span, "")), List.of(), List.of(), List.of());
    }

    /** A diagnostic without a place in a text. */
    public static Diagnostic general(DiagnosticCode code, String message) {
        return new Diagnostic(code, message, Optional.empty(), List.of(), List.of(), List.of());
    }

    public Severity severity() {
        return code.severity();
    }

    /** The same with words beside the primary place. */
    public Diagnostic labelled(String text) {
        return new Diagnostic(
                code, message, primary.map(label -> new Label(label.span(), text)), secondary, notes, helps);
    }

    public Diagnostic withLabel(Span span, String text) {
        return new Diagnostic(code, message, primary, plus(secondary, new Label(span, text)), notes, helps);
    }

    public Diagnostic withNote(String note) {
        return new Diagnostic(code, message, primary, secondary, plus(notes, note), helps);
    }

    public Diagnostic withHelp(String help) {
        return new Diagnostic(code, message, primary, secondary, notes, plus(helps, help));
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
