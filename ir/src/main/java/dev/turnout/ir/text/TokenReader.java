package dev.turnout.ir.text;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import java.util.List;
import java.util.Optional;

/** Walks over tokens; what does not fit is a {@link SyntaxError}. */
final class TokenReader {
    private final SourceFile file;
    private final List<Token> tokens;
    private int position;

    TokenReader(SourceFile file, List<Token> tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(position);
        if (token.kind() != Token.Kind.END) {
            position++;
        }
        return token;
    }

    boolean atEnd() {
        return peek().kind() == Token.Kind.END;
    }

    /** Goes to the first token on a later line than {@code line}. */
    void skipLine(int line) {
        while (!atEnd() && peek().line() <= line) {
            position++;
        }
    }

    boolean atMark(String mark) {
        return peek().is(Token.Kind.MARK, mark);
    }

    boolean tryMark(String mark) {
        boolean found = atMark(mark);
        if (found) {
            position++;
        }
        return found;
    }

    void mark(String mark) {
        if (!tryMark(mark)) {
            throw expected("`" + mark + "`");
        }
    }

    boolean atWord(String word) {
        return peek().is(Token.Kind.WORD, word);
    }

    boolean tryWord(String word) {
        boolean found = atWord(word);
        if (found) {
            position++;
        }
        return found;
    }

    void keyword(String word) {
        if (!tryWord(word)) {
            throw expected("`" + word + "`");
        }
    }

    Token word(String what) {
        return kind(Token.Kind.WORD, what);
    }

    String text(String what) {
        return kind(Token.Kind.TEXT, what).text();
    }

    String symbol(String what) {
        return kind(Token.Kind.SYMBOL, what).text();
    }

    /** A plain or quoted word. */
    String name(String what) {
        return peek().kind() == Token.Kind.TEXT ? take().text() : word(what).text();
    }

    private Token kind(Token.Kind kind, String what) {
        if (peek().kind() != kind) {
            throw expected(what);
        }
        return take();
    }

    /** A number of up to 64 bits; a negative one stands for its two's complement. */
    long number(String what) {
        boolean negative = tryMark("-");
        Token token = kind(Token.Kind.NUMBER, what);
        long value;
        try {
            String digits = token.text();
            value = digits.startsWith("0x")
                    ? Long.parseUnsignedLong(digits, 2, digits.length(), 16)
                    : Long.parseUnsignedLong(digits);
        } catch (NumberFormatException _) {
            throw error(token, "`" + token.text() + "` is not a number of at most 64 bits");
        }
        if (negative && value < 0 && value != Long.MIN_VALUE) {
            throw error(token, "`-" + token.text() + "` needs more than 64 bits");
        }
        return negative ? -value : value;
    }

    int smallNumber(String what, int low, int high) {
        Token first = peek();
        long value = number(what);
        if (value < low || value > high) {
            throw error(first, what + " must be " + low + " to " + high);
        }
        return (int) value;
    }

    Type type() {
        return tryType().orElseThrow(() -> expected("a type (`i1`, `i8`, `i16`, `i32`, `i64`, `ptr<region>`, `void`)"));
    }

    private Optional<Type> tryType() {
        if (peek().kind() != Token.Kind.WORD) {
            return Optional.empty();
        }
        Type type = switch (peek().text()) {
            case "i1" -> Type.Int.I1;
            case "i8" -> Type.Int.I8;
            case "i16" -> Type.Int.I16;
            case "i32" -> Type.Int.I32;
            case "i64" -> Type.Int.I64;
            default -> Type.Void.VOID;
        };
        if (atWord("ptr")) {
            position++;
            mark("<");
            type = Type.ptr(region());
            mark(">");
            return Optional.of(type);
        }
        if (type instanceof Type.Void && !atWord("void")) {
            return Optional.empty();
        }
        position++;
        return Optional.of(type);
    }

    Type.Int integer() {
        Token first = peek();
        if (type() instanceof Type.Int type) {
            return type;
        }
        throw error(first, "an integer type is needed here, this is " + first.shown());
    }

    Type.Ptr pointer() {
        Token first = peek();
        if (type() instanceof Type.Ptr type) {
            return type;
        }
        throw error(first, "a pointer type is needed here, this is " + first.shown());
    }

    Region region() {
        Token token = word("a region");
        return Region.of(token.text()).orElseThrow(() -> error(token, "no region is called `" + token.text() + "`"));
    }

    SyntaxError expected(String what) {
        return error(peek(), what + " must stand here, not " + peek().shown());
    }

    SyntaxError error(Token at, String message) {
        return error(at, DiagnosticCode.I0101, message);
    }

    SyntaxError error(Token at, DiagnosticCode code, String message) {
        return new SyntaxError(Diagnostic.at(span(at), code, message));
    }

    Span span(Token token) {
        return new Span(file, token.start(), token.end());
    }
}
