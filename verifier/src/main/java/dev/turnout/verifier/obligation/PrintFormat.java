package dev.turnout.verifier.obligation;

import java.util.Optional;

/**
 * Whether Linux's printer for programs takes a format: {@code %%}, {@code %s}, {@code %c}, {@code %d %i %u %x %X} with {@code l} or
 * {@code ll}, and of its pointer formats those that read nothing but what they are told to. A conversion may have flags of
 * {@code 0 + -} and blank, and a width.
 */
final class PrintFormat {
    private final String format;
    private int at;
    private int used;

    private PrintFormat(String format) {
        this.format = format;
    }

    /**
     * What is wrong, in words.
     *
     * @param format a character a byte
     * @param arguments how many values there are to print; more than are printed is fine
     */
    static Optional<String> wrong(String format, int arguments) {
        return new PrintFormat(format).wrong(arguments);
    }

    private Optional<String> wrong(int arguments) {
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c < 0x80 && !isPrintable(c) && !isSpace(c)) {
                return Optional.of("byte " + at + " of the format is a control character");
            }
            if (c == '%' && peek(1) == '%') {
                at++;
            } else if (c == '%') {
                int start = at;
                if (used >= arguments) {
                    return Optional.of("the format prints more values than the " + arguments + " that it is given");
                }
                at++;
                if (!conversion()) {
                    int end = Math.min(format.length(), at + 1);
                    return Optional.of("`" + format.substring(start, end) + "` is no conversion that the kernel takes");
                }
                used++;
            }
            at++;
        }
        return Optional.empty();
    }

    /** Goes from behind the percent sign to the conversion's last character. */
    private boolean conversion() {
        if (peek(0) >= 0x80) {
            return false;
        }
        while ("0+- ".indexOf(peek(0)) >= 0) {
            at++;
        }
        if (peek(0) >= '1' && peek(0) <= '9') {
            while (peek(0) >= '0' && peek(0) <= '9') {
                at++;
            }
        }
        return switch (peek(0)) {
            case 'p' -> pointer();
            case 's' -> endsWord(peek(1));
            case 'c' -> true;
            default -> number(); // Or nothing that is known.
        };
    }

    private boolean number() {
        for (int i = 0; i < 2 && peek(0) == 'l'; i++) {
            at++;
        }
        return peek(0) != 0 && "iduxX".indexOf(peek(0)) >= 0;
    }

    private boolean pointer() {
        char next = peek(1);
        if (endsWord(next)) {
            return true;
        }
        if ((next == 'k' || next == 'u') && peek(2) == 's') {
            at += 2;
            return endsWord(peek(1));
        }
        if ("KxsSB".indexOf(next) >= 0) {
            at++;
            return true;
        }
        if ((next == 'i' || next == 'I') && (peek(2) == '4' || peek(2) == '6')) {
            at += 2;
            return true;
        }
        return false;
    }

    /** The character so far ahead; 0 behind the end. */
    private char peek(int ahead) {
        return at + ahead < format.length() ? format.charAt(at + ahead) : 0;
    }

    private static boolean endsWord(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return c == 0 || isSpace(c) || (isPrintable(c) && !letter);
    }

    private static boolean isPrintable(char c) {
        return c >= 0x20 && c < 0x7f;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
