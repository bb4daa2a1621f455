package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;

/**
 * A function or program with its body.
 *
 * @param owned what it owns where an access might, for a machine, leave it
 * @param scratch whether it has variables marked {@code @scratch}
 */
public record TypedFunction(
        Symbol.FunctionSymbol symbol, TypedBlock body, OwnedAtSlots owned, boolean scratch, Span span) {}
