package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;

/** A function or program with its body. */
public record TypedFunction(Symbol.FunctionSymbol symbol, TypedBlock body, Span span) {}
