package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/** Sets of tokens, and tokens, in the words of someone who does not think in tokens. */
final class Expected {
    private static final int MOST_NAMED = 4;

    private Expected() {}

    /** What a rule could have gone on with: "an expression", "`;` or `else`". */
    static String words(IntervalSet expected, ParserRuleContext rule) {
        if (expected.contains(TurnoutParser.PROG)
                && expected.contains(TurnoutParser.FN)
                && !expected.contains(TurnoutParser.RETURN)
                && !expected.contains(TurnoutParser.NUMBER)) {
            return "a declaration";
        }
        List<String> words = new ArrayList<>();
        boolean names = expected.contains(TurnoutParser.ID);
        boolean literals = expected.contains(TurnoutParser.NUMBER);
        if (expected.contains(TurnoutParser.RETURN) && literals) {
            words.add(
                    rule instanceof TurnoutParser.ArmContext || rule instanceof TurnoutParser.ArmBodyContext
                            ? "what the arm does"
                            : "a statement");
        } else if (literals && expected.contains(TurnoutParser.LPAREN)) {
            words.add(
                    rule instanceof TurnoutParser.CasesContext || rule instanceof TurnoutParser.ArmsContext
                            ? "a pattern"
                            : "an expression");
        } else if (literals) {
            words.add("a constant");
        } else if (names && expected.contains(TurnoutParser.OWN)) {
            words.add("a type");
        } else if (names) {
            words.add("a name");
        }
        boolean described = !words.isEmpty();
        for (int type : expected.toArray()) {
            boolean said = described && isPartOfThose(type);
            boolean minor = isOperator(type) && expected.size() > MOST_NAMED;
            if (!said && !minor) {
                words.add(name(type));
            }
        }
        if (words.size() > MOST_NAMED) {
            String first = words.getFirst();
            boolean keepsFirst = described;
            words.removeIf(word -> !(keepsFirst && word.equals(first)) && word.length() > 4);
        }
        if (words.isEmpty()) {
            return "something else";
        }
        return words.size() == 1
                ? words.getFirst()
                : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    /** Words and signs that "an expression", "a type" or "a name" speaks for. */
    private static boolean isPartOfThose(int type) {
        return switch (type) {
            case TurnoutParser.RBRACE,
                    TurnoutParser.RPAREN,
                    TurnoutParser.RBRACK,
                    TurnoutParser.SEMI,
                    TurnoutParser.COMMA,
                    TurnoutParser.COLON,
                    TurnoutParser.ARROW,
                    TurnoutParser.FAT_ARROW,
                    TurnoutParser.ASSIGN -> false;
            default -> true;
        };
    }

    private static boolean isOperator(int type) {
        return (type >= TurnoutParser.STAR && type <= TurnoutParser.PIPE_ASSIGN && type != TurnoutParser.ASSIGN)
                || type == TurnoutParser.ORELSE
                || type == TurnoutParser.QUESTION
                || type == TurnoutParser.DOT
                || type == TurnoutParser.LBRACK;
    }

    /** A token as the user meets it. */
    static String found(Token token, SourceFile source) {
        return switch (token.getType()) {
            case Token.EOF -> "the end of the file";
            case TurnoutParser.STRING -> "a string";
            case TurnoutParser.CHAR -> "a character literal";
            case TurnoutParser.NUMBER, TurnoutParser.FRACTION -> "the number `" + text(token, source) + "`";
            case TurnoutParser.ADDRESS -> "the address `" + text(token, source) + "`";
            default -> "`" + text(token, source) + "`";
        };
    }

    private static String text(Token token, SourceFile source) {
        String text = source.text().substring(token.getStartIndex(), token.getStopIndex() + 1);
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }

    private static String name(int type) {
        if (type == Token.EOF) {
            return "the end of the file";
        }
        String literal = TurnoutParser.VOCABULARY.getLiteralName(type);
        if (literal != null) {
            return "`" + literal.substring(1, literal.length() - 1) + "`";
        }
        return switch (type) {
            case TurnoutParser.STRING -> "a string";
            case TurnoutParser.CHAR -> "a character literal";
            case TurnoutParser.NUMBER -> "a number";
            case TurnoutParser.ADDRESS -> "an address";
            default -> "a name";
        };
    }
}
