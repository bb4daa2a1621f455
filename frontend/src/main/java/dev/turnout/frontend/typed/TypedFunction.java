package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;

/**
 * A function or program with its body.
 *
 * @param owned what it owns where an access might, for a machine, leave it
 */
public record TypedFunction(Symbol.FunctionSymbol symbol, TypedBlock body, OwnedAtSlots owned, Span span) {}
