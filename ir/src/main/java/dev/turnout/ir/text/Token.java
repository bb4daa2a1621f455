package dev.turnout.ir.text;

/**
 * A piece of IR text.
 *
 * @param text what it says: of a text or symbol the content, without quotes, escapes and {@code @}
 * @param start offset of the first character
 * @param end offset behind the last character
 * @param line from 1
 */
record Token(Kind kind, String text, int start, int end, int line) {
    enum Kind {
        /** {@code add}, {@code v1}. */
        WORD,
        /** {@code 12}, {@code 0x0c}. */
        NUMBER,
        /** {@code "text"}. */
        TEXT,
        /** {@code @name}. */
        SYMBOL,
        /** {@code =>}, {@code (}. */
        MARK,
        END
    }

    boolean is(Kind kind, String text) {
        return this.kind == kind && this.text.equals(text);
    }

    /** For messages. */
    String shown() {
        return switch (kind) {
            case WORD, NUMBER, MARK -> "`" + text + "`";
            case TEXT -> Quoted.text(text);
            case SYMBOL -> "`" + Quoted.symbol(text) + "`";
            case END -> "the end of the text";
        };
    }
}
