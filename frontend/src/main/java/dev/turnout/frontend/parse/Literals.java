package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The values of literals, and what can be wrong with them. A malformed one is reported and gets a harmless value. */
final class Literals {
    /** Digits and signs of a number; 64 binary digits with `_` between fit. */
    private static final int MAX_DIGITS = 160;

    private final Diagnostics diagnostics;

    Literals(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** {@code 1_000}, {@code 0xff}, {@code 5ms}. */
    Expr number(Span span) {
        if (span.end() - span.start() > MAX_DIGITS) {
            return malformed(span, "this number is too long", "no type holds more than 64 bits");
        }
        String text = span.text();
        int radix = radix(text);
        int from = radix == 10 ? 0 : 2;
        int end = from;
        StringBuilder digits = new StringBuilder(text.length());
        while (end < text.length() && (text.charAt(end) == '_' || Character.digit(text.charAt(end), radix) >= 0)) {
            if (text.charAt(end) != '_') {
                digits.append(text.charAt(end));
            }
            end++;
        }
        if (digits.isEmpty()) {
            return malformed(
                    span,
                    "`" + text + "` has no digits",
                    "write at least one digit behind `" + text.substring(0, 2) + "`");
        }
        String written = text.substring(from, end);
        if (written.startsWith("_") || written.endsWith("_") || written.contains("__")) {
            return malformed(
                    span,
                    "`_` in `" + text + "` does not stand between two digits",
                    "write `" + text.substring(0, from) + digits + text.substring(end) + "`");
        }
        String suffix = text.substring(end);
        long unit = radix == 10 ? unit(suffix) : suffix.isEmpty() ? 1 : 0;
        if (unit == 0) {
            return malformed(
                    span, wrongSuffix(text, suffix, radix), helpForSuffix(text.substring(0, end), suffix, radix));
        }
        BigInteger value = new BigInteger(digits.toString(), radix);
        return new Expr.Int(unit == 1 ? value : value.multiply(BigInteger.valueOf(unit)), span);
    }

    private static int radix(String text) {
        if (text.length() >= 2 && text.charAt(0) == '0') {
            return switch (text.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 10;
            };
        }
        return 10;
    }

    /** The factor that a suffix stands for; 0 if it is none. */
    private static long unit(String suffix) {
        return switch (suffix) {
            case "", "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            case "G" -> 1L << 30;
            default -> 0;
        };
    }

    private static String wrongSuffix(String text, String suffix, int radix) {
        return radix == 2 && Character.isDigit(suffix.charAt(0))
                ? "`" + suffix.charAt(0) + "` is no binary digit"
                : "`" + suffix + "` in `" + text + "` is no unit"
                        + (radix == 10 ? "" : "; only decimal numbers have one");
    }

    private static String helpForSuffix(String number, String suffix, int radix) {
        boolean isType = suffix.length() > 1
                && (suffix.charAt(0) == 'u' || suffix.charAt(0) == 'i')
                && Character.isDigit(suffix.charAt(1));
        if (isType) {
            return "a number takes the type at which it is used; to force one write `" + suffix + "(" + number + ")`";
        }
        return switch (suffix) {
            case "u", "U", "l", "L", "ul", "UL", "ull", "ULL", "ll", "LL" ->
                "a number takes the type at which it is used; leave out `" + suffix + "`";
            default ->
                radix == 10
                        ? "units are `ns`, `us`, `ms`, `s` for durations and `K`, `M`, `G` for powers of 1024"
                        : "write only digits behind the prefix";
        };
    }

    /** {@code 1.5}, which the language does not have. */
    Expr fraction(Span span) {
        String text = span.text();
        boolean isAddress = text.chars().filter(c -> c == '.').count() > 1;
        return malformed(
                span,
                isAddress
                        ? "`" + shortened(text) + "` is not an address"
                        : "there are no fractions: `" + shortened(text) + "`",
                isAddress
                        ? "an address has four parts: `192.0.2.1`"
                        : "scale to a smaller unit: `1500ms` for 1.5 seconds");
    }

    /** {@code 192.0.2.1}. */
    Expr address(Span span) {
        String text = span.text();
        int value = 0;
        int part = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                value = (value << 8) | part;
                part = 0;
            } else {
                part = part * 10 + text.charAt(i) - '0';
                if (part > 255) {
                    return malformed(
                            span,
                            "a part of the address `" + shortened(text) + "` is over 255",
                            "each of the four parts is 0 to 255");
                }
            }
        }
        return new Expr.Address(value, span);
    }

    /** A string; the token may lack its end, which is reported already. */
    Expr.Str string(Span span) {
        return new Expr.Str(unescape(span, '"'), span);
    }

    /** A character. */
    Expr character(Span span) {
        String bytes = unescape(span, '\'');
        if (bytes.length() == 1) {
            return new Expr.Char(bytes.charAt(0), span);
        }
        if (span.text().length() < 2 || span.text().charAt(span.text().length() - 1) != '\'') {
            return new Expr.Char(0, span); // without an end: reported as such
        }
        return malformed(
                span,
                bytes.isEmpty()
                        ? "this character literal is empty"
                        : "this character literal has " + bytes.length() + " bytes",
                bytes.isEmpty()
                        ? "write the character, or `'\\''` for the quote itself"
                        : "a character is one byte; strings stand in `\"`: `\"" + shortened(inner(span.text(), '\''))
                                + "\"`");
    }

    private static String inner(String text, char quote) {
        int end = text.length() > 1 && text.charAt(text.length() - 1) == quote ? text.length() - 1 : text.length();
        return text.substring(Math.min(1, end), end);
    }

    /** One character for each byte. */
    private String unescape(Span span, char quote) {
        String inner = inner(span.text(), quote);
        StringBuilder bytes = new StringBuilder(inner.length());
        for (int i = 0; i < inner.length(); ) {
            char c = inner.charAt(i);
            if (c == '\\') {
                i += escape(span, inner, i, bytes);
            } else {
                int point = inner.codePointAt(i);
                appendUtf8(bytes, point);
                i += Character.charCount(point);
            }
        }
        return bytes.toString();
    }

    /** The escape at {@code at}; how many characters it takes. */
    private int escape(Span literal, String inner, int at, StringBuilder bytes) {
        char kind = at + 1 < inner.length() ? inner.charAt(at + 1) : 0;
        switch (kind) {
            case 'n' -> bytes.append('\n');
            case 't' -> bytes.append('\t');
            case 'r' -> bytes.append('\r');
            case '0' -> bytes.append('\0');
            case '\\', '"', '\'' -> bytes.append(kind);
            case 'x' -> {
                int high = at + 2 < inner.length() ? Character.digit(inner.charAt(at + 2), 16) : -1;
                int low = at + 3 < inner.length() ? Character.digit(inner.charAt(at + 3), 16) : -1;
                if (high >= 0 && low >= 0) {
                    bytes.append((char) ((high << 4) | low));
                    return 4;
                }
                reportEscape(literal, at, Math.min(4, inner.length() - at), "`\\x` needs two hex digits");
            }
            case 0 -> {
                return 1; // the literal has no end: reported as such
            }
            default -> {
                int length = 1 + Character.charCount(inner.codePointAt(at + 1));
                reportEscape(literal, at, length, "unknown escape `" + inner.substring(at, at + length) + "`");
                return length;
            }
        }
        return 2;
    }

    private void reportEscape(Span literal, int at, int length, String message) {
        int start = literal.start() + 1 + at;
        diagnostics.report(Diagnostic.at(new Span(literal.file(), start, start + length), DiagnosticCode.E0105, message)
                .withHelp("the escapes are `\\n \\t \\r \\0 \\\\ \\\" \\'` and `\\xNN`"));
    }

    private static void appendUtf8(StringBuilder bytes, int point) {
        if (point < 0x80) {
            bytes.append((char) point);
            return;
        }
        for (byte one : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
            bytes.append((char) (one & 0xff));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }

    private Expr malformed(Span span, String message, String help) {
        diagnostics.report(Diagnostic.at(span, DiagnosticCode.E0105, message).withHelp(help));
        return new Expr.Invalid(span);
    }
}
