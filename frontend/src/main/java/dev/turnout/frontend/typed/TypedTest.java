package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;

/**
 * A {@code test} block.
 *
 * @param title the text that names it
 */
public record TypedTest(String title, TypedBlock body, Span span) {}
