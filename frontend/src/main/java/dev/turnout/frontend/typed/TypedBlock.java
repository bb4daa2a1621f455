package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import java.util.List;

/**
 * Statements in order, with a scope of their own.
 *
 * @param endReachable whether control can arrive behind the last one
 */
public record TypedBlock(List<TypedStmt> statements, boolean endReachable, Span span) {
    public TypedBlock {
        statements = List.copyOf(statements);
    }
}
