package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;

/**
 * One identifier where it was written.
 *
 * @param text never empty
 */
public record Name(String text, Span span) implements Ast {
    public Name {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a name needs a letter");
        }
    }

    /** Whether this is {@code _}, which binds nothing. */
    public boolean isWildcard() {
        return text.equals("_");
    }

    @Override
    public String toString() {
        return text;
    }
}
