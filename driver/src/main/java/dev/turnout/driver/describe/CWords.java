package dev.turnout.driver.describe;

import java.util.Locale;
import java.util.Set;

/** Names of ours as C takes them. */
final class CWords {
    /** Words of C11 and C23 that no member may be called by; C++'s are not among them. */
    private static final Set<String> TAKEN = Set.of(
            "alignas",
            "alignof",
            "asm",
            "auto",
            "bool",
            "break",
            "case",
            "char",
            "const",
            "constexpr",
            "continue",
            "default",
            "do",
            "double",
            "else",
            "enum",
            "extern",
            "false",
            "float",
            "for",
            "goto",
            "if",
            "inline",
            "int",
            "long",
            "nullptr",
            "register",
            "restrict",
            "return",
            "short",
            "signed",
            "sizeof",
            "static",
            "static_assert",
            "struct",
            "switch",
            "thread_local",
            "true",
            "typedef",
            "typeof",
            "union",
            "unsigned",
            "void",
            "volatile",
            "while");

    private CWords() {}

    /** An identifier: what C does not take becomes an underscore. */
    static String identifier(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (digit && i == 0) {
                out.append('_');
            }
            out.append(letter || digit ? c : '_');
        }
        return out.isEmpty() ? "_" : TAKEN.contains(out.toString()) ? out + "_" : out.toString();
    }

    /** A name of a macro. */
    static String macro(String name) {
        return identifier(name).toUpperCase(Locale.ROOT);
    }

    /** A string literal. */
    static String literal(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A comment's inside. */
    static String comment(String text) {
        return text.replace("*/", "* /").replace("/*", "/ *");
    }
}
