package dev.turnout.verifier.report;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Label;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a violation. What the object keeps of its source is the text of the lines that have code: a file of these, with empty
 * lines between, shows each under its right number. An object without lines is told by its instructions.
 */
final class Account {
    /** No source has more; an object may say so, and empty lines take memory. */
    private static final int MOST_LINES = 1 << 20;

    private final BpfProgram program;
    private final Violation violation;
    private final Map<String, SourceFile> files = new HashMap<>();

    Account(BpfProgram program, Violation violation) {
        this.program = program;
        this.violation = violation;
    }

    Diagnostic diagnostic() {
        List<String> notes = new ArrayList<>(violation.notes());
        List<Label> labels = new ArrayList<>();
        Optional<Span> primary = span(violation.slot());
        for (Clue clue : Clue.of(program, violation)) {
            Optional<Span> at = span(clue.slot());
            if (primary.isPresent() && at.isPresent()) {
                if (!at.get().equals(primary.get())) {
                    labels.add(new Label(at.get(), clue.words()));
                }
            } else {
                notes.add(text(clue.slot()) + ": " + clue.words());
            }
        }
        boolean begins = program.code().begins(violation.slot());
        if (primary.isPresent()) {
            if (begins) {
                notes.add("this is " + text(violation.slot()) + " of `" + program.name() + "`");
            }
            Label here = new Label(primary.get(), "");
            return new Diagnostic(
                    violation.code(),
                    violation.message(),
                    Optional.of(here),
                    onePerLine(labels),
                    notes,
                    violation.helps());
        }
        String where = begins ? text(violation.slot()) : "instruction " + violation.slot();
        return new Diagnostic(
                violation.code(),
                violation.message() + " (" + where + " of `" + program.name() + "`)",
                Optional.empty(),
                List.of(),
                notes,
                violation.helps());
    }

    /** One line of source is many instructions: of those that say something, the last one is the nearest to the end. */
    private static List<Label> onePerLine(List<Label> labels) {
        List<Label> kept = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Label label : labels.reversed()) {
            if (seen.add(label.span().file().name() + ":" + label.span().line())) {
                kept.addFirst(label);
            }
        }
        return kept;
    }

    /** {@code instruction 12, `r1 = r2`}. */
    private String text(int slot) {
        Insn insn = program.code().at(slot);
        return "instruction " + slot + ", `" + InsnPrinter.print(insn) + "`";
    }

    private Optional<Span> span(int slot) {
        return program.lineAt(slot).filter(Account::shown).map(line -> {
            SourceFile file = files.computeIfAbsent(line.file(), this::lines);
            String text = file.lineText(line.line());
            int start = file.lineStart(line.line());
            int column = Math.min(Math.max(0, line.column() - 1), Math.max(0, text.length() - 1));
            return new Span(file, start + column, start + text.length());
        });
    }

    private SourceFile lines(String name) {
        List<String> texts = new ArrayList<>();
        for (LineInfo line : program.lines()) {
            if (line.file().equals(name) && shown(line)) {
                while (texts.size() < line.line()) {
                    texts.add("");
                }
                texts.set(line.line() - 1, line.text().replace('\n', ' ').replace('\r', ' '));
            }
        }
        return new SourceFile(name, String.join("\n", texts));
    }

    private static boolean shown(LineInfo line) {
        return !line.text().isBlank() && line.line() > 0 && line.line() < MOST_LINES;
    }
}
