package dev.turnout.frontend.parse;

import dev.turnout.grammar.TurnoutParser;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/**
 * What people write who come from C, Rust, Go or Python, recognised at the token where our grammar stops, and what to
 * write instead. A guess costs nothing: it is a help line under an error that is there anyway.
 */
final class Habits {
    /** How far back a habit is looked for, in tokens. */
    private static final int NEAR = 200;

    private final List<Token> tokens;
    private final int at;

    private Habits(List<Token> tokens, int at) {
        this.tokens = tokens;
        this.at = at;
    }

    /** What to write instead; null if nothing is recognised. */
    static @Nullable String help(List<Token> tokens, int at, IntervalSet expected, ParserRuleContext rule) {
        Habits here = new Habits(tokens, at);
        if (here.type(-1) == TurnoutParser.QUESTION && expected.contains(TurnoutParser.SEMI)) {
            return "write `if (c) a else b`";
        }
        if (expected.contains(TurnoutParser.IN) && expected.size() == 1) {
            return "write `for (i in a..b)`; the upper end is excluded";
        }
        String byTheToken = here.atToken(expected);
        return byTheToken != null ? byTheToken : here.behindWord(rule);
    }

    private @Nullable String atToken(IntervalSet expected) {
        return switch (type(0)) {
            case TurnoutParser.ASSIGN -> atAssign(expected);
            case TurnoutParser.AS -> "conversions look like calls: `u32(x)`";
            case TurnoutParser.ARROW ->
                expected.contains(TurnoutParser.FAT_ARROW)
                        ? "an arm is written `value => ...,`"
                        : "fields are reached with `.`, also through a reference";
            case TurnoutParser.FAT_ARROW ->
                expected.contains(TurnoutParser.ARROW) ? "the result type follows `->`" : null;
            case TurnoutParser.PLUS ->
                type(-1) == TurnoutParser.PLUS
                        ? "there is no `++`: write `x += 1`"
                        : "there is no sign `+` before a value";
            case TurnoutParser.SEMI ->
                type(-1) == TurnoutParser.MINUS && type(-2) == TurnoutParser.MINUS
                        ? "there is no `--`: write `x -= 1`"
                        : type(-1) == TurnoutParser.PLUS && type(-2) == TurnoutParser.PLUS
                                ? "there is no `++`: write `x += 1`"
                                : expected.contains(TurnoutParser.RBRACE) && !expected.contains(TurnoutParser.RETURN)
                                        ? "separate them with `,`"
                                        : null;
            case TurnoutParser.IF, TurnoutParser.SWITCH ->
                isOperator(type(-1))
                        ? "as an operand, `" + text(0) + "` needs parentheses around it"
                        : type(-1) == TurnoutParser.ELSE && expected.contains(TurnoutParser.LBRACE)
                                ? "here only a block may follow `else`"
                                : null;
            case TurnoutParser.COLON ->
                expected.contains(TurnoutParser.FAT_ARROW)
                        ? "an arm is written `value => ...,`"
                        : questionBefore() ? "write `if (c) a else b`" : null;
            case TurnoutParser.QUESTION -> "write `if (c) a else b`";
            case TurnoutParser.RANGE ->
                expected.contains(TurnoutParser.FAT_ARROW) ? "a pattern includes its upper end: write `..=`" : null;
            case TurnoutParser.RANGE_EQ ->
                expected.contains(TurnoutParser.RANGE) ? "a loop excludes its upper end: write `..`" : null;
            case TurnoutParser.EQ, TurnoutParser.NE, TurnoutParser.LT, TurnoutParser.GT -> null;
            case TurnoutParser.CONST -> expected.contains(TurnoutParser.LET) ? "inside functions write `let`" : null;
            case TurnoutParser.STRUCT ->
                type(-1) == TurnoutParser.STAR || type(-1) == TurnoutParser.COLON
                        ? "a struct type is its name alone"
                        : null;
            case TurnoutParser.ID -> atWord(text(0), expected);
            case TurnoutParser.LBRACE -> atBlock();
            default ->
                needsParentheses(expected)
                        ? "the condition stands in parentheses: `" + text(-1) + " (...) { ... }`"
                        : expected.size() == 1
                                        && expected.contains(TurnoutParser.LBRACE)
                                        && type(-1) == TurnoutParser.RPAREN
                                ? "the body stands in braces"
                                : null;
        };
    }

    private @Nullable String atAssign(IntervalSet expected) {
        if (expected.contains(TurnoutParser.RPAREN) && !expected.contains(TurnoutParser.COMMA)) {
            return "to compare write `==`; an assignment is a statement, not a value";
        }
        if (type(-1) == TurnoutParser.COLON) {
            return "leave out the `:` : `let x = ...`";
        }
        if (type(-1) == TurnoutParser.EQ || type(-1) == TurnoutParser.NE) {
            return "there is no `===`";
        }
        if (expected.contains(TurnoutParser.SEMI)) {
            return "an assignment is a statement, not a value: write two";
        }
        return null;
    }

    private @Nullable String atWord(String word, IntervalSet expected) {
        String replaced = switch (word) {
            case "match" -> "switch";
            case "elif", "elsif", "elseif" -> "else if";
            case "and" -> "&&";
            case "or" -> "||";
            case "func", "function", "def" -> "fn";
            case "use", "include", "using", "from" -> "import";
            case "static", "global" -> "var";
            case "typedef", "type" -> "alias";
            default -> "";
        };
        if (!replaced.isEmpty()) {
            return "write `" + replaced + "` for `" + word + "`";
        }
        if (needsParentheses(expected)) {
            return "the condition stands in parentheses: `" + text(-1) + " (...) { ... }`";
        }
        if (expected.size() == 1 && expected.contains(TurnoutParser.LBRACE) && type(-1) == TurnoutParser.RPAREN) {
            return "the body stands in braces";
        }
        if (expected.contains(TurnoutParser.FAILS) && type(-1) == TurnoutParser.RPAREN) {
            return "the result type follows `->`";
        }
        return null;
    }

    private boolean needsParentheses(IntervalSet expected) {
        return expected.contains(TurnoutParser.LPAREN) && expected.size() <= 3 && isConditional(type(-1));
    }

    /** {@code word (...)} and a block: the word was meant as a keyword. */
    private @Nullable String atBlock() {
        int open = partner(-1);
        if (open == 0) {
            return null;
        }
        return switch (text(open - 1)) {
            case "match" -> "write `switch` for `match`";
            case "elif", "elsif", "elseif" -> "write `else if`";
            case "until", "unless" -> "write the opposite condition with `while` or `if`";
            case "foreach" -> "write `for (i in a..b)`";
            default -> null;
        };
    }

    /** The offset of the parenthesis that the one at {@code offset} closes, if it is near; else 0. */
    private int partner(int offset) {
        if (type(offset) != TurnoutParser.RPAREN) {
            return 0;
        }
        int depth = 0;
        for (int i = offset; i > offset - NEAR && at + i >= 0; i--) {
            if (type(i) == TurnoutParser.RPAREN) {
                depth++;
            } else if (type(i) == TurnoutParser.LPAREN && --depth == 0) {
                return i;
            }
        }
        return 0;
    }

    /** The word before the place explains more than what stands at it. */
    private @Nullable String behindWord(ParserRuleContext rule) {
        int open = partner(-1);
        if (open == -3 && type(-2) == TurnoutParser.ID && isTypeName(text(-2))) {
            return "conversions look like calls: `" + text(-2) + "(...)`";
        }
        boolean twoWords = type(0) == TurnoutParser.ID && type(-1) == TurnoutParser.ID;
        if (twoWords && isTypeName(text(-1)) && !(rule instanceof TurnoutParser.NamedContext)) {
            boolean parameter = rule instanceof TurnoutParser.ParamContext
                    || rule instanceof TurnoutParser.ParamsContext
                    || rule instanceof TurnoutParser.FieldContext;
            String name = text(0) + ": " + text(-1);
            return "the type stands behind the name: `" + (parameter ? name : "let " + name + " = ...") + "`";
        }
        if (type(-1) != TurnoutParser.ID) {
            return null;
        }
        return switch (text(-1)) {
            case "match" -> "write `switch (value) { pattern => ..., }`";
            case "elif", "elsif", "elseif" -> "write `else if (...)`";
            case "case" -> "an arm is written `value => ...,`";
            case "default" -> "the arm for everything else is written `else => ...,`";
            case "mut" -> "what changes is declared with `var`";
            case "func", "function", "def" -> "functions are declared with `fn`";
            case "do" -> "there is no `do`: write `while (true) limit n { ... if (!c) { break; } }`";
            case "goto" -> "there is no `goto`: a labelled `switch` goes from arm to arm with `continue :label`";
            case "loop" -> "write `while (true) limit n { ... }`";
            case "not" -> "write `!`";
            default -> null;
        };
    }

    private boolean questionBefore() {
        for (int i = 1; i < 12; i++) {
            if (type(-i) == TurnoutParser.QUESTION) {
                return true;
            }
            if (type(-i) == TurnoutParser.SEMI || type(-i) == TurnoutParser.LBRACE) {
                return false;
            }
        }
        return false;
    }

    private static boolean isConditional(int type) {
        return type == TurnoutParser.IF
                || type == TurnoutParser.WHILE
                || type == TurnoutParser.FOR
                || type == TurnoutParser.SWITCH
                || type == TurnoutParser.STATIC_BRANCH
                || type == TurnoutParser.STATIC_SWITCH
                || type == TurnoutParser.LOCK;
    }

    private static boolean isOperator(int type) {
        return (type >= TurnoutParser.STAR && type <= TurnoutParser.OR_OR) || type == TurnoutParser.ORELSE;
    }

    private static boolean isTypeName(String word) {
        return switch (word) {
            case "int", "long", "char", "short", "unsigned", "size_t", "bool", "void", "auto" -> true;
            default ->
                word.length() >= 2
                        && word.length() <= 4
                        && (word.charAt(0) == 'u' || word.charAt(0) == 'i' || word.startsWith("be"))
                        && Character.isDigit(word.charAt(word.length() - 1));
        };
    }

    private int type(int offset) {
        int index = at + offset;
        return index < 0
                ? Token.INVALID_TYPE
                : tokens.get(Math.min(index, tokens.size() - 1)).getType();
    }

    private String text(int offset) {
        int index = at + offset;
        return index < 0 ? "" : tokens.get(Math.min(index, tokens.size() - 1)).getText();
    }
}
