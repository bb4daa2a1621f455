package dev.turnout.verifier.report;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.List;

/**
 * Something that had to hold and was not proven.
 *
 * @param code the kind of reason
 * @param slot the instruction
 * @param message what is wrong, one sentence
 * @param notes what was required, what is known, along which branches
 * @param helps the check that would prove it
 */
public record Violation(DiagnosticCode code, int slot, String message, List<String> notes, List<String> helps) {
    public Violation {
        notes = List.copyOf(notes);
        helps = List.copyOf(helps);
    }

    public static Violation of(DiagnosticCode code, int slot, String message) {
        return new Violation(code, slot, message, List.of(), List.of());
    }

    public Violation note(String note) {
        List<String> more = new java.util.ArrayList<>(notes);
        more.add(note);
        return new Violation(code, slot, message, more, helps);
    }

    public Violation help(String help) {
        List<String> more = new java.util.ArrayList<>(helps);
        more.add(help);
        return new Violation(code, slot, message, notes, more);
    }

    /** The violation at the line that the instruction came from; where there are no lines, at the instruction. */
    public Diagnostic diagnostic(BpfProgram program) {
        var line = program.lineAt(slot);
        Diagnostic diagnostic = line.isPresent() && !line.get().text().isEmpty()
                ? Diagnostic.at(span(line.get()), code, message)
                : Diagnostic.general(code, message + " (instruction " + slot + " of `" + program.name() + "`)");
        return new Diagnostic(code, diagnostic.message(), diagnostic.primary(), diagnostic.secondary(), notes, helps);
    }

    /** The object keeps the text of one line: a file of otherwise empty lines shows it under its right number. */
    private static Span span(LineInfo line) {
        String text = line.text();
        int before = Math.max(0, line.line() - 1);
        int column = Math.min(Math.max(0, line.column() - 1), text.length());
        SourceFile file = new SourceFile(line.file(), "\n".repeat(before) + text);
        return new Span(file, before + column, before + text.length());
    }
}
