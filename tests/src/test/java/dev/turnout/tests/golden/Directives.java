package dev.turnout.tests.golden;

import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.frontend.ast.AstPrinter;
import dev.turnout.frontend.typed.TypedText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every directive, by name. */
final class Directives {
    private static final Map<String, Directive> ROWS = rows();

    private Directives() {}

    private static Map<String, Directive> rows() {
        Map<String, Directive> rows = new LinkedHashMap<>();
        rows.put("file", new Directive.Part());
        rows.put(
                "ast",
                snapshot((subject, section) -> AstPrinter.print(subject.stages().ast())));
        rows.put("diagnostics", snapshot((subject, section) -> {
            Stages stages = subject.stages();
            stages.proven();
            return new TerminalRenderer(false).render(stages.diagnostics());
        }));
        rows.put("typed", snapshot((subject, section) -> {
            Stages stages = subject.stages();
            return stages.typed()
                    .map(TypedText::of)
                    .orElseGet(() -> new TerminalRenderer(false).render(stages.diagnostics()));
        }));
        rows.put("ir", snapshot(IrText::of));
        return rows;
    }

    private static Directive.Snapshot snapshot(Directive.Snapshot snapshot) {
        return snapshot;
    }

    static @Nullable Directive named(String name) {
        return ROWS.get(name);
    }

    static Set<String> names() {
        return ROWS.keySet();
    }
}
