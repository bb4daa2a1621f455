package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.util.List;

/** {@code @jump_table(max = 512)}. */
public record Attribute(Name name, List<Argument> arguments, Span span) implements Ast {
    public Attribute {
        arguments = List.copyOf(arguments);
    }
}
