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
    private Expected() {}

    /** What a rule could have gone on with: "an expression", "`;` or `else`". */
    static String words(IntervalSet expected, ParserRuleContext rule) {
        if (expected.contains(TurnoutParser.EXTERN)) {
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
        boolean ends = described;
        for (int type : expected.toArray()) {
            ends |= isEnd(type);
        }
        if (expected.size() == 1 && isList(rule)) {
            words.add("`,`");
        }
        int separators = words.size();
        for (int type : expected.toArray()) {
            boolean said = described && isPartOfThose(type);
            boolean minor = (ends && !isEnd(type)) || (isOptional(type) && expected.size() > 1);
            if (!said && !minor) {
                boolean first = type == TurnoutParser.SEMI || type == TurnoutParser.COMMA;
                words.add(first ? separators : words.size(), name(type));
            }
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

    /** What can end the thing being read: where one of these may stand, nobody wants to hear of the operators. */
    private static boolean isEnd(int type) {
        return switch (type) {
            case TurnoutParser.SEMI,
                    TurnoutParser.COMMA,
                    TurnoutParser.RPAREN,
                    TurnoutParser.RBRACK,
                    TurnoutParser.RBRACE,
                    TurnoutParser.FAT_ARROW,
                    TurnoutParser.ASSIGN,
                    TurnoutParser.COLON,
                    TurnoutParser.IN,
                    TurnoutParser.RANGE -> true;
            default -> false;
        };
    }

    /** Whether a rule that can only end here could have gone on with another element. */
    private static boolean isList(ParserRuleContext rule) {
        return (rule instanceof TurnoutParser.CallXContext call && call.args() != null)
                || (rule instanceof TurnoutParser.ParamsContext params
                        && !params.param().isEmpty())
                || (rule instanceof TurnoutParser.StructDContext struct && struct.fields() != null);
    }

    private static boolean isOptional(int type) {
        return type == TurnoutParser.LIKELY
                || type == TurnoutParser.UNLIKELY
                || type == TurnoutParser.LIMIT
                || type == TurnoutParser.FAILS
                || type == TurnoutParser.COLON_COLON
                || type == TurnoutParser.EXHAUSTED;
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

    /** Whether a token is a word that is never a name. */
    static boolean isReserved(int type) {
        return type >= TurnoutParser.AS && type <= TurnoutParser.WHILE;
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
