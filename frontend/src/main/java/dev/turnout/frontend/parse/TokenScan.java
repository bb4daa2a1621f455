package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.grammar.TurnoutLexer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * The tokens of a text, each one legal. What is wrong with a single token is reported here, and the parser is handed
 * something that it can go on with: a literal without an end counts as one that ends there, a character that nothing
 * begins with is left out.
 *
 * <p>Cutting stops, with an error, where the text is too long or too deeply nested ({@link Nesting}).
 */
final class TokenScan {
    /** A file of a mebibyte that is written by people has a fifth of these. */
    static final int MAX_TOKENS = 300_000;

    private final SourceFile source;
    private final Diagnostics diagnostics;
    private final List<Token> tokens = new ArrayList<>();
    private final BitSet doubtful = new BitSet();

    private TokenScan(SourceFile source, Diagnostics diagnostics) {
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /**
     * What a scan gives.
     *
     * @param list all tokens, the end of the file last
     * @param doubtful indices of tokens before which something was already found wrong: an error at one of them is
     *     most likely the same mistake
     */
    record Tokens(List<Token> list, BitSet doubtful) {}

    static Tokens of(SourceFile source, Diagnostics diagnostics) {
        TokenScan scan = new TokenScan(source, diagnostics);
        scan.run();
        return new Tokens(scan.tokens, scan.doubtful);
    }

    private void run() {
        TurnoutLexer lexer = new TurnoutLexer(new TextStream(source));
        lexer.removeErrorListeners();
        Nesting nesting = new Nesting();
        int strayEnd = -1;
        for (Token token = lexer.nextToken(); ; token = lexer.nextToken()) {
            switch (token.getType()) {
                case Token.EOF -> {
                    tokens.add(token);
                    return;
                }
                case TurnoutLexer.STRAY -> {
                    if (token.getStartIndex() != strayEnd) {
                        reportStray(token);
                    }
                    strayEnd = token.getStopIndex() + 1;
                    doubtful.set(tokens.size());
                    continue;
                }
                case TurnoutLexer.OPEN_STRING -> {
                    reportOpen(
                            token,
                            "this string has no end",
                            "close it with `\"` on its line; `\\n` stands for a line end");
                    ((CommonToken) token).setType(TurnoutLexer.STRING);
                    doubtful.set(tokens.size() + 1);
                }
                case TurnoutLexer.OPEN_CHAR -> {
                    reportOpen(token, "this character literal has no end", "close it with `'`: `'a'`");
                    ((CommonToken) token).setType(TurnoutLexer.CHAR);
                    doubtful.set(tokens.size() + 1);
                }
                case TurnoutLexer.OPEN_COMMENT -> {
                    Span start = new Span(source, token.getStartIndex(), token.getStartIndex() + 2);
                    diagnostics.report(Diagnostic.at(start, DiagnosticCode.E0102, "this comment has no end")
                            .withNote("everything behind it was skipped")
                            .withHelp("close it with `*/`; comments do not nest"));
                    doubtful.set(tokens.size());
                    continue;
                }
                default -> {}
            }
            tokens.add(token);
            if (tokens.size() > MAX_TOKENS) {
                stop(
                        token,
                        Diagnostic.at(span(token), DiagnosticCode.E0106, "this file is too large")
                                .withNote("a file has at most " + MAX_TOKENS + " tokens")
                                .withHelp("split it into modules and `import` them"));
                return;
            }
            String tooDeep = nesting.enter(token.getType());
            if (tooDeep != null) {
                stop(
                        token,
                        Diagnostic.at(span(token), DiagnosticCode.E0108, tooDeep)
                                .withNote("the rest of the file was not read")
                                .withHelp("name a part of it with `let` or `const`, or move it to a `fn`"));
                return;
            }
        }
    }

    /** Reports and ends the file here: nothing behind this place is worth a guess. */
    private void stop(Token at, Diagnostic why) {
        diagnostics.report(why);
        tokens.clear();
        doubtful.clear();
        CommonToken end = new CommonToken(at);
        end.setType(Token.EOF);
        end.setStopIndex(at.getStartIndex() - 1);
        tokens.add(end);
    }

    private void reportOpen(Token token, String message, String help) {
        diagnostics.report(
                Diagnostic.at(span(token), DiagnosticCode.E0102, message).withHelp(help));
    }

    private void reportStray(Token token) {
        int end = token.getStopIndex() + 1;
        int point = source.text().codePointAt(token.getStartIndex());
        if (Character.charCount(point) == 2) {
            end++;
        }
        Diagnostic stray = Diagnostic.at(
                new Span(source, token.getStartIndex(), end),
                DiagnosticCode.E0103,
                "no token begins with " + character(point));
        String help = switch (point) {
            case '#' -> "there is no preprocessor: `import` brings in modules, attributes begin with `@`";
            case '$' -> "names are made of letters, digits and `_`";
            case '\\' -> "a line needs no continuation mark; escapes stand in strings";
            case '`' -> "strings stand in `\"`";
            case 0x201c, 0x201d, 0x2018, 0x2019 -> "write the straight quotes `\"` and `'`";
            case 0xa0, 0x200b, 0xfeff -> "this blank looks like a space but is another character; type a space";
            case 0x2212, 0x2013 -> "write the hyphen `-`";
            default -> point > 126 ? "outside strings and comments a program is ASCII" : "remove it";
        };
        diagnostics.report(stray.withHelp(help));
    }

    private static String character(int point) {
        String code = Integer.toHexString(point);
        String padded = "U+" + "0".repeat(Math.max(0, 4 - code.length())) + code;
        boolean visible = point > 32
                && point != 127
                && Character.isDefined(point)
                && !Character.isISOControl(point)
                && !Character.isSpaceChar(point)
                && Character.getType(point) != Character.FORMAT
                && Character.getType(point) != Character.SURROGATE;
        return visible ? "`" + Character.toString(point) + "` (" + padded + ")" : padded;
    }

    private Span span(Token token) {
        return new Span(source, token.getStartIndex(), token.getStopIndex() + 1);
    }
}
