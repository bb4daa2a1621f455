package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.util.List;

/**
 * {@code ip} or {@code net::ip}.
 *
 * @param names at least one
 */
public record Path(List<Name> names, Span span) implements Ast {
    public Path {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a path needs a name");
        }
    }

    /** The name itself, without the modules before it. */
    public Name last() {
        return names.getLast();
    }

    /** Whether nothing stands before the name. */
    public boolean isSimple() {
        return names.size() == 1;
    }

    /** As it is written: {@code a::b}. */
    @Override
    public String toString() {
        if (isSimple()) {
            return last().text();
        }
        StringBuilder text = new StringBuilder();
        for (Name name : names) {
            text.append(text.isEmpty() ? "" : "::").append(name.text());
        }
        return text.toString();
    }
}
