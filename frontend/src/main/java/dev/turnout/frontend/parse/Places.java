package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Path;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Spans and names of ANTLR's nodes. Where the parser found or inserted nothing, the answer is null. */
record Places(SourceFile source) {
    Span of(Token token) {
        int length = source.text().length();
        int start = Math.clamp(token.getStartIndex(), 0, length);
        return new Span(source, start, Math.clamp(token.getStopIndex() + 1, start, length));
    }

    /** From the first token of a rule to its last; a rule that took nothing is a point. */
    Span of(ParserRuleContext rule) {
        Token start = rule.getStart();
        Token stop = rule.getStop();
        if (start == null) {
            return new Span(source, 0, 0);
        }
        Span first = of(start);
        return stop == null || stop.getStartIndex() < start.getStartIndex()
                ? new Span(source, first.start(), first.start())
                : first.to(of(stop));
    }

    @Nullable
    Name name(TurnoutParser.@Nullable IdContext id) {
        if (id == null || id.exception != null || id.getStart() == null) {
            return null;
        }
        Span span = of(id);
        return span.start() == span.end() ? null : new Name(span.text(), span);
    }

    @Nullable
    Path path(TurnoutParser.@Nullable PathContext path) {
        if (path == null || path.exception != null) {
            return null;
        }
        List<Name> names = new ArrayList<>(path.id().size());
        for (TurnoutParser.IdContext id : path.id()) {
            Name name = name(id);
            if (name == null) {
                return null;
            }
            names.add(name);
        }
        return names.isEmpty() ? null : new Path(names, of(path));
    }
}
