package dev.turnout.ir.text;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.ArrayList;
import java.util.List;

/** Cuts IR text into tokens. Blanks and comments ({@code //} to the end of the line) separate and are dropped. */
final class Lexer {
    private static final String[] LONG_MARKS = {"..=", "->", "=>", "<="};
    private static final String SHORT_MARKS = "()[]{}<>=,:;+-*?!";

    private final SourceFile file;
    private final String text;
    private final Diagnostics diagnostics;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(SourceFile file, Diagnostics diagnostics) {
        this.file = file;
        this.text = file.text();
        this.diagnostics = diagnostics;
    }

    /** All tokens; the last is of kind END. What no token begins with is reported and skipped. */
    static List<Token> tokens(SourceFile file, Diagnostics diagnostics) {
        Lexer lexer = new Lexer(file, diagnostics);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '"') {
                quoted(Token.Kind.TEXT, at);
            } else if (c == '@') {
                symbol();
            } else if (c >= '0' && c <= '9') {
                add(Token.Kind.NUMBER, wordEnd(at + 1, false));
            } else if (text.startsWith("..=", at)) {
                add(Token.Kind.MARK, at + 3);
            } else if (Quoted.isWordStart(c)) {
                add(Token.Kind.WORD, wordEnd(at + 1, true));
            } else {
                mark(c);
            }
        }
        tokens.add(new Token(Token.Kind.END, "", at, at, line));
    }

    private void mark(char c) {
        for (String mark : LONG_MARKS) {
            if (text.startsWith(mark, at)) {
                add(Token.Kind.MARK, at + mark.length());
                return;
            }
        }
        if (SHORT_MARKS.indexOf(c) >= 0) {
            add(Token.Kind.MARK, at + 1);
        } else {
            report(at, at + 1, "no part of the IR text begins with this character");
            at++;
        }
    }

    private void symbol() {
        int start = at++;
        if (at < text.length() && text.charAt(at) == '"') {
            quoted(Token.Kind.SYMBOL, start);
            return;
        }
        int end = wordEnd(at, true);
        if (end == at) {
            report(start, at, "a name must follow `@`");
        } else {
            tokens.add(new Token(Token.Kind.SYMBOL, text.substring(at, end), start, end, line));
        }
        at = end;
    }

    /** A number ends before a dot, so that {@code 5..=9} is a range. */
    private int wordEnd(int from, boolean dots) {
        int end = from;
        while (end < text.length()
                && Quoted.isWordPart(text.charAt(end))
                && (dots ? !text.startsWith("..=", end) : text.charAt(end) != '.')) {
            end++;
        }
        return end;
    }

    private void quoted(Token.Kind kind, int start) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            char c = text.charAt(at++);
            content.append(c == '\\' ? escape() : c);
        }
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
            tokens.add(new Token(kind, content.toString(), start, at, line));
        } else {
            report(start, at, "the text in quotes is not closed on its line");
        }
    }

    private char escape() {
        int start = at - 1;
        char c = at < text.length() ? text.charAt(at) : '\n';
        if (c == '\\' || c == '"') {
            at++;
            return c;
        }
        if (c == 'n') {
            at++;
            return '\n';
        }
        int close = text.startsWith("u{", at) ? text.indexOf('}', at) : -1;
        if (close > at + 2 && close <= at + 6) {
            try {
                char read = (char) Integer.parseInt(text, at + 2, close, 16);
                at = close + 1;
                return read;
            } catch (NumberFormatException _) {
                // reported below, as every other malformed escape
            }
        }
        report(start, Math.min(at + 1, text.length()), "an escape is `\\\\`, `\\\"`, `\\n` or `\\u{hex}`");
        return '?';
    }

    private void add(Token.Kind kind, int end) {
        tokens.add(new Token(kind, text.substring(at, end), at, end, line));
        at = end;
    }

    private void report(int start, int end, String message) {
        diagnostics.report(Diagnostic.at(new Span(file, start, end), DiagnosticCode.I0101, message));
    }
}
