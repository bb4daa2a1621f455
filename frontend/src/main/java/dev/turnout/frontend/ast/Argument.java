package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * An argument of an attribute: {@code max = 512} or only a value.
 *
 * @param name absent if only a value was given
 */
public record Argument(@Nullable Name name, Expr value, Span span) implements Ast {}
