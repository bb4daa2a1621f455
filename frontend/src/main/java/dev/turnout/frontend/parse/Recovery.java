package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.grammar.TurnoutParser;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.antlr.v4.runtime.tree.TerminalNode;
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
    /** Thrown when nobody wants to read more, with what there is of the tree. */
    static final class TooManyErrors extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient TurnoutParser.FileContext file;

        TooManyErrors(ParserRuleContext node) {
            super("more than " + Diagnostics.LIMIT + " errors", null, false, false);
            ParserRuleContext at = node;
            while (!(at instanceof TurnoutParser.FileContext)) {
                at = at.getParent();
            }
            this.file = (TurnoutParser.FileContext) at;
        }

        TurnoutParser.FileContext file() {
            return file;
        }
    }

    private final SourceFile source;
    private final List<Token> tokens;
    private final BitSet doubtful;
    private final Diagnostics diagnostics;

    Recovery(SourceFile source, TokenScan.Tokens tokens, Diagnostics diagnostics) {
        this.source = source;
        this.tokens = tokens.list();
        this.doubtful = tokens.doubtful();
        this.diagnostics = diagnostics;
    }

    // ---- What to say. ----

    @Override
    public void reportError(Parser parser, RecognitionException e) {
        if (inErrorRecoveryMode(parser)) {
            return;
        }
        beginErrorCondition(parser);
        Token found = e.getOffendingToken();
        Token first = e instanceof NoViableAltException none ? none.getStartToken() : found;
        // Not what the exception has: ANTLR may have kept a state from before the rules that just ended.
        unexpected(first, found, parser.getExpectedTokens(), parser.getContext());
    }

    @Override
    protected void reportUnwantedToken(Parser parser) {
        if (inErrorRecoveryMode(parser)) {
            return;
        }
        beginErrorCondition(parser);
        Token found = parser.getCurrentToken();
        unexpected(found, found, getExpectedTokens(parser), parser.getContext());
    }

    @Override
    protected void reportMissingToken(Parser parser) {
        if (inErrorRecoveryMode(parser)) {
            return;
        }
        beginErrorCondition(parser);
        Token found = parser.getCurrentToken();
        unexpected(found, found, getExpectedTokens(parser), parser.getContext());
    }

    private void unexpected(Token first, Token found, IntervalSet expected, ParserRuleContext rule) {
        int index = found.getTokenIndex();
        if (index < 0 || doubtful.get(index)) {
            return;
        }
        String wanted = Expected.words(expected, rule);
        boolean statementEnds = expected.contains(TurnoutParser.SEMI)
                && first.getTokenIndex() == index
                && (isLaterLine(index) || beginsStatement(found.getType()) || found.getType() == TurnoutParser.RBRACE);
        boolean fileEnds = found.getType() == Token.EOF && expected.size() == 1 && isSign(expected.getMinElement());
        Diagnostic report;
        if ((statementEnds || fileEnds) && index > 0) {
            Token before = tokens.get(index - 1);
            int end = Math.min(before.getStopIndex() + 1, source.text().length());
            String sign = expected.contains(TurnoutParser.SEMI) ? "`;`" : wanted;
            report = Diagnostic.at(new Span(source, end, end), DiagnosticCode.E0104, "missing " + sign)
                    .labelled(sign + " expected here");
        } else if (first.getTokenIndex() != index && index > 0) {
            report = Diagnostic.at(
                    span(found),
                    DiagnosticCode.E0101,
                    "unexpected " + Expected.found(found, source) + " behind "
                            + Expected.found(tokens.get(index - 1), source));
        } else {
            report = Diagnostic.at(
                    span(found),
                    DiagnosticCode.E0101,
                    "expected " + wanted + ", found " + Expected.found(found, source));
        }
        if (wanted.equals("a name") && Expected.isReserved(found.getType())) {
            report = report.withNote("`" + found.getText() + "` is a reserved word");
        }
        String help = Habits.help(tokens, index, expected, rule);
        if (help != null) {
            report = report.withHelp(help);
        }
        boolean runsOn = beginsDeclaration(found.getType()) && index > 0 && isFirstColumn(index);
        if (found.getType() == Token.EOF || (runsOn && expected.contains(TurnoutParser.RBRACE))) {
            Token open = innermostOpen(index);
            if (open != null) {
                report = report.withLabel(span(open), "this `" + open.getText() + "` is not closed");
            }
        }
        diagnostics.report(report);
        if (diagnostics.errorCount() > Diagnostics.LIMIT) {
            throw new TooManyErrors(rule);
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
        boolean hidesBlock = expected.contains(TurnoutParser.SEMI)
                && parser.getCurrentToken().getType() == TurnoutParser.LBRACE;
        return expected.size() == 1
                && isSign(expected.getMinElement())
                && !hidesBlock
                && super.singleTokenInsertion(parser);
    }

    /** A token on a new line is rather the beginning of something than one too many. */
    @Override
    protected @Nullable Token singleTokenDeletion(Parser parser) {
        int index = parser.getInputStream().index();
        int type = parser.getCurrentToken().getType();
        if (isLaterLine(index)
                || beginsStatement(type)
                || beginsDeclaration(type)
                || isBracket(type)
                || isSeparator(type)) {
            return null;
        }
        return super.singleTokenDeletion(parser);
    }

    /** A list of statements or declarations never ends at its first one, however wrong that is. */
    @Override
    public void sync(Parser parser) {
        ParserRuleContext rule = parser.getContext();
        boolean isList = rule instanceof TurnoutParser.BlockContext || rule instanceof TurnoutParser.FileContext;
        ATNState state = parser.getInterpreter().atn.states.get(parser.getState());
        if (isList && !inErrorRecoveryMode(parser) && state.getStateType() == ATNState.STAR_LOOP_ENTRY) {
            IntervalSet next = parser.getATN().nextTokens(state);
            if (!next.contains(parser.getInputStream().LA(1))) {
                reportUnwantedToken(parser);
                IntervalSet follow = new IntervalSet(getErrorRecoverySet(parser));
                follow.addAll(getExpectedTokens(parser));
                consumeUntil(parser, follow);
                return;
            }
        }
        super.sync(parser);
    }

    /** Inside brackets of its own a rule goes on behind them; else at an anchor. */
    @Override
    public void recover(Parser parser, RecognitionException e) {
        int opener = openBracket(parser.getContext());
        if (opener != Token.INVALID_TYPE && skipTo(parser, closer(opener))) {
            endErrorCondition(parser);
            return;
        }
        super.recover(parser, e);
    }

    /** The bracket that a rule has taken without its partner. */
    private static int openBracket(ParserRuleContext rule) {
        int open = Token.INVALID_TYPE;
        for (int i = 0; i < rule.getChildCount(); i++) {
            if (rule.getChild(i) instanceof TerminalNode leaf) {
                int type = leaf.getSymbol().getType();
                if (isOpener(type)) {
                    open = type;
                } else if (isCloser(type)) {
                    open = Token.INVALID_TYPE;
                }
            }
        }
        return open;
    }

    private static int closer(int opener) {
        return switch (opener) {
            case TurnoutParser.LBRACE -> TurnoutParser.RBRACE;
            case TurnoutParser.LPAREN -> TurnoutParser.RPAREN;
            default -> TurnoutParser.RBRACK;
        };
    }

    /** Goes behind the next {@code closer} of this level, if it comes before what cannot stand inside. */
    private boolean skipTo(Parser parser, int closer) {
        int depth = 0;
        int start = parser.getInputStream().index();
        boolean isLoop = parser.getContext() instanceof TurnoutParser.ForCContext; // C's has semicolons inside
        for (int index = start; index < tokens.size(); index++) {
            int type = tokens.get(index).getType();
            boolean startsLine = isLaterLine(index);
            boolean outside = (depth == 0
                            && closer != TurnoutParser.RBRACE
                            && ((type == TurnoutParser.SEMI && !isLoop) || (startsLine && beginsStatement(type))))
                    || (startsLine && beginsDeclaration(type) && isFirstColumn(index));
            if (outside || type == Token.EOF) {
                return false;
            }
            if (isOpener(type)) {
                depth++;
            } else if (isCloser(type) && depth-- == 0) {
                if (type != closer) {
                    return false;
                }
                while (parser.getInputStream().index() <= index) {
                    parser.consume();
                }
                return true;
            }
        }
        return false;
    }

    @Override
    protected void consumeUntil(Parser parser, IntervalSet follow) {
        int depth = 0;
        for (int type = parser.getInputStream().LA(1);
                type != Token.EOF;
                type = parser.getInputStream().LA(1)) {
            int index = parser.getInputStream().index();
            boolean startsLine = isLaterLine(index);
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
            } else if (isCloser(type) && depth > 0) {
                depth--;
            }
            parser.consume();
            boolean ended = type == TurnoutParser.SEMI
                    || (type == TurnoutParser.RBRACE
                            && isLaterLine(parser.getInputStream().index()));
            int next = parser.getInputStream().LA(1);
            if (depth == 0 && ended && follow.contains(next) && next != TurnoutParser.ELSE) {
                if (isWhole(parser.getContext())) {
                    endErrorCondition(parser);
                }
                return;
            }
        }
    }

    /** Whether a rule ends with the statement or declaration that was left out: what follows is a new chance. */
    private static boolean isWhole(ParserRuleContext rule) {
        return rule instanceof TurnoutParser.StmtContext
                || rule instanceof TurnoutParser.ControlContext
                || rule instanceof TurnoutParser.BlockContext
                || rule instanceof TurnoutParser.DeclContext
                || rule instanceof TurnoutParser.FileContext;
    }

    private boolean isFirstColumn(int index) {
        return source.column(tokens.get(index).getStartIndex()) == 1;
    }

    /** What may be inserted. Of `(`, `{`, `=` and `=>` nobody knows how much behind them was meant. */
    private static boolean isSign(int type) {
        return isCloser(type)
                || type == TurnoutParser.SEMI
                || type == TurnoutParser.COMMA
                || type == TurnoutParser.COLON;
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
