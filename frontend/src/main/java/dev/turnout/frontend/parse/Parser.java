package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.grammar.TurnoutParser;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;

/** The door to the syntax: text in, tree out. */
public final class Parser {
    private Parser() {}

    /**
     * The tree of a text. It always exists, and no text makes this throw, recurse without bound or run for long; where
     * the text is broken, errors are reported and the tree lacks what could not be read. A text without errors has a
     * tree without {@code Invalid} in it.
     *
     * <p>Parsing is done in ANTLR's SLL mode, which is enough for every program seen so far (a test holds it to that);
     * should it ever see an error where full LL would not, the second attempt finds out, and only broken files pay.
     */
    public static Ast.File parse(SourceFile source, Diagnostics diagnostics) {
        TokenScan.Tokens tokens = TokenScan.of(source, diagnostics);
        Diagnostics attempt = new Diagnostics();
        TurnoutParser.FileContext file = file(source, tokens, PredictionMode.SLL, attempt);
        if (attempt.hasErrors()) {
            file = file(source, tokens, PredictionMode.LL, diagnostics);
        }
        return new AstBuilder(source, diagnostics).file(file);
    }

    /** The parse tree; whatever happened, there is one. */
    static TurnoutParser.FileContext file(
            SourceFile source, TokenScan.Tokens tokens, PredictionMode mode, Diagnostics diagnostics) {
        TurnoutParser parser = new TurnoutParser(new CommonTokenStream(new ListTokenSource(tokens.list())));
        parser.removeErrorListeners();
        parser.setErrorHandler(new Recovery(source, tokens, diagnostics));
        parser.getInterpreter().setPredictionMode(mode);
        try {
            return parser.file();
        } catch (Recovery.TooManyErrors stop) {
            return stop.file();
        }
    }

    /** The tokens, one a line: {@code line:column KIND text}. What is wrong with them is reported. */
    public static String tokens(SourceFile source, Diagnostics diagnostics) {
        StringBuilder out = new StringBuilder();
        for (Token token : TokenScan.of(source, diagnostics).list()) {
            if (token.getType() != Token.EOF) {
                int start = token.getStartIndex();
                out.append(source.line(start))
                        .append(':')
                        .append(source.column(start))
                        .append(' ')
                        .append(TurnoutParser.VOCABULARY.getSymbolicName(token.getType()))
                        .append(' ')
                        .append(source.text(), start, token.getStopIndex() + 1)
                        .append('\n');
            }
        }
        return out.toString();
    }
}
