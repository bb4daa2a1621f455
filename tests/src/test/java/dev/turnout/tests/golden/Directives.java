package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.frontend.ast.AstPrinter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every directive, by name. */
final class Directives {
    private static final Map<String, Directive> ROWS = new LinkedHashMap<>();

    static {
        ROWS.put("ast", (Directive.Snapshot) (subject, section) -> AstPrinter.print(subject.parse(new Diagnostics())));
        ROWS.put("diagnostics", (Directive.Snapshot) (subject, section) -> {
            Diagnostics diagnostics = new Diagnostics();
            subject.parse(diagnostics);
            return new TerminalRenderer(false).render(diagnostics);
        });
    }

    private Directives() {}

    static @Nullable Directive named(String name) {
        return ROWS.get(name);
    }

    static java.util.Set<String> names() {
        return ROWS.keySet();
    }
}
