package dev.turnout.diagnostics.render;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.diagnostic.Label;
import dev.turnout.diagnostics.diagnostic.Severity;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Diagnostics for a person at a terminal:
 *
 * <pre>
 * error[E0101]: expected `;`, found `b`
 *   --> fw.turn:31:5
 *    |
 * 31 |     a b;
 *    |       ^
 *    = help: ...
 * </pre>
 *
 * The primary place is underlined with {@code ^}, the others with {@code -}; labels in other files follow in blocks of
 * their own. Lines end with {@code \n} whatever the system.
 *
 * @param colours whether to write ANSI escapes
 */
public record TerminalRenderer(boolean colours) {
    /** Lines that a list of diagnostics may take, about a screen; the first one is shown however long it is. */
    public static final int SCREEN = 48;

    private static final String RED = "\u001b[1;31m";
    private static final String YELLOW = "\u001b[1;33m";
    private static final String BLUE = "\u001b[1;34m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** All of them, as many as a screen takes, and a line that counts; empty if there is nothing to say. */
    public String render(Diagnostics diagnostics) {
        StringBuilder out = new StringBuilder();
        int lines = 0;
        int shownErrors = 0;
        int warnings = 0;
        boolean full = false;
        for (Diagnostic one : diagnostics.all()) {
            boolean isError = one.severity() == Severity.ERROR;
            warnings += isError ? 0 : 1;
            if (!full) {
                String text = render(one);
                int size = lineCount(text) + 1;
                full = lines > 0 && lines + size > SCREEN;
                if (!full) {
                    out.append(text).append('\n');
                    lines += size;
                    shownErrors += isError ? 1 : 0;
                }
            }
        }
        return out.append(summary(diagnostics.errorCount(), warnings, shownErrors))
                .toString();
    }

    private String summary(int errors, int warnings, int shownErrors) {
        if (errors == 0 && warnings == 0) {
            return "";
        }
        String counted = errors == 0
                ? count(warnings, "warning")
                : count(errors, "error") + (warnings == 0 ? "" : ", " + count(warnings, "warning"));
        String hidden = shownErrors < errors ? " (the first " + shownErrors + " are shown)" : "";
        return paint(errors == 0 ? YELLOW : RED, counted + hidden) + "\n";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static int lineCount(String text) {
        int count = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            count++;
        }
        return count;
    }

    /** One of them, without a blank line behind it. */
    public String render(Diagnostic diagnostic) {
        StringBuilder out = new StringBuilder();
        String tone = tone(diagnostic.severity());
        out.append(paint(
                        tone,
                        diagnostic.severity().word() + "[" + diagnostic.code().name() + "]"))
                .append(paint(BOLD, ": " + diagnostic.message()))
                .append('\n');
        int gutter = 1;
        if (diagnostic.primary().isPresent()) {
            gutter = snippets(out, diagnostic.primary().get(), diagnostic.secondary(), tone);
        }
        for (String note : diagnostic.notes()) {
            remark(out, gutter, "note", note);
        }
        for (String help : diagnostic.helps()) {
            remark(out, gutter, "help", help);
        }
        return out.toString();
    }

    private void remark(StringBuilder out, int gutter, String kind, String text) {
        String indent = " ".repeat(gutter + kind.length() + 5);
        out.repeat(' ', gutter)
                .append(paint(BLUE, " = "))
                .append(paint(BOLD, kind))
                .append(": ")
                .append(text.replace("\n", "\n" + indent))
                .append('\n');
    }

    private String tone(Severity severity) {
        return switch (severity) {
            case ERROR -> RED;
            case WARNING -> YELLOW;
        };
    }

    // ---- Source lines. ----

    /** A label and whether it is the primary one. */
    private record Mark(Label label, boolean isPrimary) {
        Span span() {
            return label.span();
        }
    }

    /** The source lines of all labels; the width of the line numbers. */
    private int snippets(StringBuilder out, Label primary, List<Label> secondary, String tone) {
        List<Mark> marks = new ArrayList<>();
        marks.add(new Mark(primary, true));
        int lastLine = primary.span().line();
        for (Label label : secondary) {
            marks.add(new Mark(label, false));
            lastLine = Math.max(lastLine, label.span().line());
        }
        int gutter = Integer.toString(lastLine).length();
        List<SourceFile> files = new ArrayList<>();
        for (Mark mark : marks) {
            if (!files.contains(mark.span().file())) {
                files.add(mark.span().file());
            }
        }
        for (SourceFile file : files) {
            List<Mark> here = new ArrayList<>();
            for (Mark mark : marks) {
                if (mark.span().file() == file) {
                    here.add(mark);
                }
            }
            String arrow = file == primary.span().file() ? "--> " : "::: ";
            out.repeat(' ', gutter)
                    .append(paint(BLUE, arrow))
                    .append(here.getFirst().span())
                    .append('\n');
            lines(out, file, here, gutter, tone);
        }
        return gutter;
    }

    private void lines(StringBuilder out, SourceFile file, List<Mark> marks, int gutter, String tone) {
        marks.sort(Comparator.comparingInt((Mark mark) -> mark.span().start()));
        bar(out, gutter, "");
        int shown = 0;
        for (int i = 0; i < marks.size(); ) {
            int line = marks.get(i).span().line();
            int next = i;
            while (next < marks.size() && marks.get(next).span().line() == line) {
                next++;
            }
            if (shown != 0 && line > shown + 1) {
                out.append(paint(BLUE, "...")).append('\n');
            }
            line(out, file, line, marks.subList(i, next), gutter, tone);
            shown = line;
            i = next;
        }
    }

    private void line(StringBuilder out, SourceFile file, int line, List<Mark> marks, int gutter, String tone) {
        String text = file.lineText(line);
        int start = file.lineStart(line);
        Mark focus = marks.getFirst();
        for (Mark mark : marks) {
            if (mark.isPrimary()) {
                focus = mark;
            }
        }
        DisplayLine shown = new DisplayLine(text, focus.span().start() - start);
        String number = Integer.toString(line);
        out.repeat(' ', gutter - number.length()).append(paint(BLUE, number + " |"));
        if (!shown.text().isEmpty()) {
            out.append(' ').append(shown.text());
        }
        out.append('\n');
        for (Mark mark : marks) {
            int from = shown.cell(mark.span().start() - start);
            int to = shown.cell(Math.min(mark.span().end() - start, text.length()));
            String sign = mark.isPrimary() ? "^" : "-";
            String words = mark.label().text();
            String under = sign.repeat(Math.max(1, to - from)) + (words.isEmpty() ? "" : " " + words);
            bar(out, gutter, " ".repeat(from + 1) + paint(mark.isPrimary() ? tone : BLUE, under));
        }
    }

    private void bar(StringBuilder out, int gutter, String rest) {
        out.repeat(' ', gutter).append(paint(BLUE, " |")).append(rest).append('\n');
    }

    private String paint(String colour, String text) {
        return colours ? colour + text + PLAIN : text;
    }
}
