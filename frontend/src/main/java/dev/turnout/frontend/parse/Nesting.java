package dev.turnout.frontend.parse;

import dev.turnout.grammar.TurnoutLexer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An upper bound for the depth of the syntax tree, from the tokens alone and in one pass, so that every later stage may
 * recurse over the tree without fear for its stack.
 *
 * <p>A tree gets deeper by a bracket, and by an operator or a keyword: {@code a + b + c} leans to the left by one a sign,
 * {@code !!!x} to the right. So each bracket level counts its tokens that are no operand, and starts anew where a
 * separator shows that a sibling follows. The depth at a token is at most the sum over the open levels. The bound is
 * generous: it counts some signs that nest nothing.
 */
final class Nesting {
    /** Brackets in brackets: the parser's own recursion. */
    static final int MAX_BRACKETS = 128;

    /** Depth of the tree: the recursion of what walks it. */
    static final int MAX_DEPTH = 1000;

    /**
     * Block arms in a row without a comma between: the grammar hangs each below the one before.
     */
    static final int MAX_ARMS = 2000;

    /** At the level's opening bracket. */
    private final int[] depthBefore = new int[MAX_BRACKETS + 1];

    private final int[] arms = new int[MAX_BRACKETS + 1];
    private int level;
    private int depth;
    private int previous;

    /** Takes the next token; what is too deep with it, or null. */
    @Nullable
    String enter(int type) {
        boolean closedBlock = previous == TurnoutLexer.RBRACE;
        previous = type;
        switch (type) {
            case TurnoutLexer.LPAREN, TurnoutLexer.LBRACK, TurnoutLexer.LBRACE -> {
                if (level == MAX_BRACKETS) {
                    return "brackets are nested too deeply here: more than " + MAX_BRACKETS + " levels";
                }
                if (closedBlock && type == TurnoutLexer.LBRACE) {
                    depth = depthBefore[level];
                }
                depth++;
                level++;
                depthBefore[level] = depth;
                arms[level] = 0;
            }
            case TurnoutLexer.RPAREN, TurnoutLexer.RBRACK, TurnoutLexer.RBRACE -> {
                depth = depthBefore[level];
                if (level > 0) {
                    level--;
                }
            }
            case TurnoutLexer.COMMA -> {
                depth = depthBefore[level];
                arms[level] = 0;
            }
            case TurnoutLexer.SEMI -> depth = depthBefore[level];
            case TurnoutLexer.FAT_ARROW -> {
                depth = depthBefore[level];
                if (++arms[level] > MAX_ARMS) {
                    return "more than " + MAX_ARMS + " arms in a row without a comma between them";
                }
            }
            case TurnoutLexer.ID,
                    TurnoutLexer.NUMBER,
                    TurnoutLexer.STRING,
                    TurnoutLexer.CHAR,
                    TurnoutLexer.ADDRESS,
                    TurnoutLexer.FRACTION,
                    TurnoutLexer.TRUE,
                    TurnoutLexer.FALSE,
                    TurnoutLexer.NULL -> {
                if (closedBlock) {
                    depth = depthBefore[level];
                }
            }
            default -> {
                if (closedBlock && startsAnew(type)) {
                    depth = depthBefore[level];
                }
                depth++;
            }
        }
        return depth > MAX_DEPTH
                ? "this is nested too deeply: more than " + MAX_DEPTH + " operators and brackets in one another"
                : null;
    }

    /** Whether a token behind a closing brace cannot go on with what the brace ended. */
    private static boolean startsAnew(int type) {
        return Arrays.binarySearch(STARTS, type) >= 0;
    }

    private static final int[] STARTS = starts();

    private static int[] starts() {
        int[] types = {
            TurnoutLexer.AT,
            TurnoutLexer.BREAK,
            TurnoutLexer.CONST,
            TurnoutLexer.CONTINUE,
            TurnoutLexer.DEFER,
            TurnoutLexer.ENUM,
            TurnoutLexer.EXTERN,
            TurnoutLexer.FALLTHROUGH,
            TurnoutLexer.FN,
            TurnoutLexer.FOR,
            TurnoutLexer.IF,
            TurnoutLexer.IMPORT,
            TurnoutLexer.LET,
            TurnoutLexer.PUB,
            TurnoutLexer.RETURN,
            TurnoutLexer.STATIC_BRANCH,
            TurnoutLexer.STATIC_SWITCH,
            TurnoutLexer.STRUCT,
            TurnoutLexer.SWITCH,
            TurnoutLexer.VAR,
            TurnoutLexer.WHILE,
            TurnoutLexer.ALIAS,
            TurnoutLexer.CONFIG,
            TurnoutLexer.HEADER,
            TurnoutLexer.KERNEL,
            TurnoutLexer.KEY,
            TurnoutLexer.LICENSE,
            TurnoutLexer.LOCK,
            TurnoutLexer.MAP,
            TurnoutLexer.MUTABLE,
            TurnoutLexer.OPEN,
            TurnoutLexer.PROG,
            TurnoutLexer.TABLE,
            TurnoutLexer.TAIL,
            TurnoutLexer.TEST,
        };
        Arrays.sort(types);
        return types;
    }
}
