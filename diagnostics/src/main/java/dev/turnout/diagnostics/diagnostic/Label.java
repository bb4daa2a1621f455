package dev.turnout.diagnostics.diagnostic;

import dev.turnout.diagnostics.source.Span;

/**
 * A place and what is to be said of it.
 *
 * @param span the place
 * @param text a few words shown beside the underlined text; may be empty
 */
public record Label(Span span, String text) {}
