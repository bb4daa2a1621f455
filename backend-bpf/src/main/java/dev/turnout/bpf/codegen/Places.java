package dev.turnout.bpf.codegen;

import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.ir.model.Location;
import java.util.Map;

/** Turns the locations of the IR back into places of the user's texts. */
final class Places {
    private final Map<String, SourceFile> sources;

    Places(Map<String, SourceFile> sources) {
        this.sources = sources;
    }

    Diagnostic diagnostic(Location at, DiagnosticCode code, String message) {
        SourceFile file = sources.get(at.file());
        if (file == null || !at.isKnown() || at.line() > file.lineCount()) {
            return Diagnostic.general(code, message);
        }
        int start = Math.min(file.text().length(), file.lineStart(at.line()) + Math.max(0, at.column() - 1));
        int end = start;
        while (end < file.text().length()
                && Character.isJavaIdentifierPart(file.text().charAt(end))) {
            end++;
        }
        return Diagnostic.at(new Span(file, start, Math.max(end, start)), code, message);
    }

    LineInfo line(int slot, Location at) {
        SourceFile file = sources.get(at.file());
        String text = file == null || at.line() > file.lineCount() ? "" : file.lineText(at.line());
        return new LineInfo(slot, at.file(), at.line(), at.column(), text);
    }
}
