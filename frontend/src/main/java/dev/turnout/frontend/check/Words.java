package dev.turnout.frontend.check;

import org.jspecify.annotations.Nullable;

/** Small words of messages. */
final class Words {
    private Words() {}

    /** Something quoted, with its indefinite article: {@code a `u8`}, {@code an `i32`}, {@code an `xdp`}. */
    static String a(@Nullable Object spelled) {
        String text = String.valueOf(spelled);
        return (startsWithVowel(text) ? "an `" : "a `") + text + "`";
    }

    /** By sound: {@code u8} begins like "you", {@code xdp} and {@code lru} are read letter by letter. */
    private static boolean startsWithVowel(String text) {
        if (text.isEmpty()) {
            return false;
        }
        return switch (Character.toLowerCase(text.charAt(0))) {
            case 'a', 'e', 'i', 'o' -> true;
            case 'x' -> true;
            case 'l' -> text.startsWith("lru") || text.startsWith("lpm");
            default -> false;
        };
    }
}
