package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.util.List;

/** What stands before the {@code =>} of an arm or of a row. */
public sealed interface Cases extends Ast {
    /** {@code else}: what no other line names. */
    record Else(Span span) implements Cases {}

    /**
     * Values, with commas between.
     *
     * @param patterns at least one
     */
    record Of(List<Pattern> patterns, Span span) implements Cases {
        public Of {
            patterns = List.copyOf(patterns);
        }
    }
}
