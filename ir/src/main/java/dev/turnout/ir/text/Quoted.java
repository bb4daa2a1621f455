package dev.turnout.ir.text;

import dev.turnout.ir.model.Type;

/** How names, texts and numbers are written. */
final class Quoted {
    private Quoted() {}

    /** {@code @name}, in quotes if it is no plain word. */
    static String symbol(String name) {
        return "@" + word(name);
    }

    /** The name itself, in quotes if it is no plain word. */
    static String word(String name) {
        boolean plain = !name.isEmpty() && isWordStart(name.charAt(0));
        for (int i = 1; plain && i < name.length(); i++) {
            plain = isWordPart(name.charAt(i));
        }
        return plain ? name : text(name);
    }

    static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
    }

    static boolean isWordPart(char c) {
        return isWordStart(c) || (c >= '0' && c <= '9');
    }

    /** A text in quotes. */
    static String text(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                        out.append("\\u{").append(Integer.toHexString(c)).append('}');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** A constant: small numbers and small negative ones in decimal, the rest in hex. */
    static String number(Type.Int type, long value) {
        long signed = type.signed(value);
        return type.bits() > 1 && signed < 0 && signed >= -0x8000 ? Long.toString(signed) : unsigned(value);
    }

    /** A number without a sign: in hex from 65536 on. */
    static String unsigned(long value) {
        return value >= 0 && value < 0x10000 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }
}
