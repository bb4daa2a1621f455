package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.grammar.TurnoutParser;
import java.util.List;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.FailedPredicateException;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/**
 * What to say where the grammar has no way on, and where to go on.
 *
 * <p>ANTLR goes on at any token that some enclosing rule could take, which is nearly every name and makes ten errors of
 * one. Here it goes on at <em>anchors</em> only: separators, closing brackets, and words that begin a statement or a
 * declaration at the start of a line; brackets are skipped with what is in them. Signs are inserted where only one is
 * missing, names and literals never.
 */
final class Recovery extends DefaultErrorStrategy {
    /** Thrown when nobody wants to read more. */
    static final class TooManyErrors extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyErrors() {
            super("more than " + Diagnostics.LIMIT + " errors", null, false, false);
        }
    }

    private final SourceFile source;
    private final List<Token> tokens;
    private final Diagnostics diagnostics;

    Recovery(SourceFile source, List<Token> tokens, Diagnostics diagnostics) {
        this.source = source;
        this.tokens = tokens;
        this.diagnostics = diagnostics;
    }

    // ---- What to say. ----

    @Override
    public void reportError(Parser parser, RecognitionException e) {
        if (inErrorRecoveryMode(parser)) {
            return;
        }
        beginErrorCondition(parser);
        unexpected(
                parser,
                e.getOffendingToken(),
                expected(parser, e),
                e.getCtx() instanceof ParserRuleContext c ? c : parser.getContext());
    }

    private static IntervalSet expected(Parser parser, RecognitionException e) {
        return switch (e) {
            case NoViableAltException _, InputMismatchException _ -> e.getExpectedTokens();
            case FailedPredicateException _ -> parser.getExpectedTokens();
            default -> parser.getExpectedTokens();
        };
    }

    @Override
    protected void reportUnwantedToken(Parser parser) {
        if (inErrorRecoveryMode(parser)) {
            return;
        }
        beginErrorCondition(parser);
        unexpected(parser, parser.getCurrentToken(), getExpectedTokens(parser), parser.getContext());
    }

    @Override
    protected void reportMissingToken(Parser parser) {
        if (inErrorRecoveryMode(parser)) {
            return;
        }
        beginErrorCondition(parser);
        unexpected(parser, parser.getCurrentToken(), getExpectedTokens(parser), parser.getContext());
    }

    private void unexpected(Parser parser, Token found, IntervalSet expected, ParserRuleContext rule) {
        int index = parser.getInputStream().index();
        String wanted = Expected.words(expected, rule);
        boolean lineEnds = isLaterLine(index) && expected.contains(TurnoutParser.SEMI);
        boolean fileEnds = found.getType() == Token.EOF && expected.size() == 1 && isSign(expected.getMinElement());
        Diagnostic report;
        if ((lineEnds || fileEnds) && index > 0) {
            Token before = tokens.get(index - 1);
            int end = Math.min(before.getStopIndex() + 1, source.text().length());
            String sign = expected.contains(TurnoutParser.SEMI) ? "`;`" : wanted;
            report = Diagnostic.at(new Span(source, end, end), DiagnosticCode.E0104, "missing " + sign)
                    .labelled(sign + " expected here");
        } else {
            report = Diagnostic.at(
                    span(found),
                    DiagnosticCode.E0101,
                    "expected " + wanted + ", found " + Expected.found(found, source));
        }
        String help = Habits.help(tokens, index, expected, rule);
        if (help != null) {
            report = report.withHelp(help);
        }
        if (found.getType() == Token.EOF) {
            Token open = innermostOpen(index);
            if (open != null) {
                report = report.withLabel(span(open), "this `" + open.getText() + "` is not closed");
            }
        }
        diagnostics.report(report);
        if (diagnostics.errorCount() > Diagnostics.LIMIT) {
            throw new TooManyErrors();
        }
    }

    private boolean isLaterLine(int index) {
        return index > 0
                && source.line(tokens.get(index).getStartIndex())
                        > source.line(tokens.get(index - 1).getStartIndex());
    }

    private @Nullable Token innermostOpen(int end) {
        int closed = 0;
        for (int i = end - 1; i >= 0; i--) {
            switch (tokens.get(i).getType()) {
                case TurnoutParser.RBRACE, TurnoutParser.RPAREN, TurnoutParser.RBRACK -> closed++;
                case TurnoutParser.LBRACE, TurnoutParser.LPAREN, TurnoutParser.LBRACK -> {
                    if (closed == 0) {
                        return tokens.get(i);
                    }
                    closed--;
                }
                default -> {}
            }
        }
        return null;
    }

    private Span span(Token token) {
        int length = source.text().length();
        int start = Math.min(token.getStartIndex(), length);
        return new Span(source, start, Math.max(start, Math.min(token.getStopIndex() + 1, length)));
    }

    // ---- Where to go on. ----

    @Override
    protected boolean singleTokenInsertion(Parser parser) {
        IntervalSet expected = getExpectedTokens(parser);
        return expected.size() == 1 && isSign(expected.getMinElement()) && super.singleTokenInsertion(parser);
    }

    /** A token on a new line is rather the beginning of something than one too many. */
    @Override
    protected @Nullable Token singleTokenDeletion(Parser parser) {
        int index = parser.getInputStream().index();
        int type = parser.getCurrentToken().getType();
        if (isLaterLine(index) || beginsStatement(type) || beginsDeclaration(type) || isBracket(type)) {
            return null;
        }
        return super.singleTokenDeletion(parser);
    }

    @Override
    protected void consumeUntil(Parser parser, IntervalSet follow) {
        int depth = 0;
        for (int type = parser.getInputStream().LA(1);
                type != Token.EOF;
                type = parser.getInputStream().LA(1)) {
            int index = parser.getInputStream().index();
            boolean startsLine = index > 0 && isLaterLine(index);
            if (startsLine && beginsDeclaration(type) && isFirstColumn(index)) {
                return;
            }
            boolean anchor = isSeparator(type)
                    || isCloser(type)
                    || (startsLine && (beginsStatement(type) || beginsDeclaration(type)));
            if (depth == 0 && anchor && follow.contains(type)) {
                return;
            }
            if (isOpener(type)) {
                depth++;
            } else if (isCloser(type)) {
                if (depth > 0 && --depth == 0 && type == TurnoutParser.RBRACE) {
                    parser.consume();
                    int next = parser.getInputStream().LA(1);
                    if (follow.contains(next)
                            && next != TurnoutParser.ELSE
                            && isLaterLine(parser.getInputStream().index())) {
                        return;
                    }
                    continue;
                }
            }
            parser.consume();
        }
    }

    private boolean isFirstColumn(int index) {
        return source.column(tokens.get(index).getStartIndex()) == 1;
    }

    private static boolean isSign(int type) {
        return isBracket(type) || isSeparator(type) || type == TurnoutParser.COLON || type == TurnoutParser.ASSIGN;
    }

    private static boolean isSeparator(int type) {
        return type == TurnoutParser.SEMI || type == TurnoutParser.COMMA || type == TurnoutParser.FAT_ARROW;
    }

    private static boolean isBracket(int type) {
        return isOpener(type) || isCloser(type);
    }

    private static boolean isOpener(int type) {
        return type == TurnoutParser.LBRACE || type == TurnoutParser.LPAREN || type == TurnoutParser.LBRACK;
    }

    private static boolean isCloser(int type) {
        return type == TurnoutParser.RBRACE || type == TurnoutParser.RPAREN || type == TurnoutParser.RBRACK;
    }

    /** Reserved words that only a statement begins with; {@code if} and {@code switch} do so at the start of a line. */
    private static boolean beginsStatement(int type) {
        return switch (type) {
            case TurnoutParser.LET,
                    TurnoutParser.VAR,
                    TurnoutParser.IF,
                    TurnoutParser.SWITCH,
                    TurnoutParser.WHILE,
                    TurnoutParser.FOR,
                    TurnoutParser.RETURN,
                    TurnoutParser.BREAK,
                    TurnoutParser.CONTINUE,
                    TurnoutParser.FALLTHROUGH,
                    TurnoutParser.DEFER,
                    TurnoutParser.STATIC_BRANCH,
                    TurnoutParser.STATIC_SWITCH -> true;
            default -> false;
        };
    }

    private static boolean beginsDeclaration(int type) {
        return switch (type) {
            case TurnoutParser.CONST,
                    TurnoutParser.CONFIG,
                    TurnoutParser.KEY,
                    TurnoutParser.ALIAS,
                    TurnoutParser.STRUCT,
                    TurnoutParser.HEADER,
                    TurnoutParser.KERNEL,
                    TurnoutParser.OPEN,
                    TurnoutParser.ENUM,
                    TurnoutParser.MAP,
                    TurnoutParser.MUTABLE,
                    TurnoutParser.TABLE,
                    TurnoutParser.FN,
                    TurnoutParser.EXTERN,
                    TurnoutParser.PROG,
                    TurnoutParser.TEST,
                    TurnoutParser.PUB,
                    TurnoutParser.IMPORT,
                    TurnoutParser.LICENSE,
                    TurnoutParser.VAR -> true;
            default -> false;
        };
    }
}
