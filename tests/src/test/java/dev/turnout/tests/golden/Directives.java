package dev.turnout.tests.golden;

import dev.turnout.bpf.codegen.LoweringReport;
import dev.turnout.driver.explain.ConstructRow;
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
                "diagnostics",
                snapshot((subject, section) -> subject.stages(section).diagnostics()));
        rows.put(
                "ast",
                snapshot((subject, section) ->
                        AstPrinter.print(subject.stages(section).compilation().ast())));
        rows.put("typed", snapshot(Directives::typed));
        rows.put("ir", snapshot(IrText::of));
        rows.put("asm", snapshot(AsmText::of));
        rows.put("explain", snapshot(Directives::explain));
        rows.put("tables", snapshot(TableText::of));
        rows.put("keys", snapshot(KeyText::of));
        rows.put("decisions", snapshot(DecisionText::of));
        rows.put("verdict", snapshot(VerdictText::of));
        rows.put("specialized", snapshot(SpecializedText::of));
        rows.put("x86", snapshot(X86Text::of));
        rows.put("tests", new TestsClaim());
        rows.put("run", new RunClaim());
        return rows;
    }

    private static Directive.Snapshot snapshot(Directive.Snapshot snapshot) {
        return snapshot;
    }

    /** {@code //! typed}: names resolved, types known, conversions written out. */
    private static String typed(Subject subject, Section section) {
        Stages stages = subject.stages(section);
        return stages.compilation().typed().map(TypedText::of).orElseGet(stages::diagnostics);
    }

    /** {@code //! explain [target=T]}: a line a construct. */
    private static String explain(Subject subject, Section section) {
        Stages stages = subject.stages(section);
        StringBuilder text = new StringBuilder();
        for (ConstructRow one : ConstructRow.of(
                stages.generated().report(), stages.compilation().sources())) {
            LoweringReport.Row row = one.row();
            text.append(row.function())
                    .append(" | ")
                    .append(one.text())
                    .append(" | ")
                    .append(row.form())
                    .append(row.reason().isEmpty() ? "" : " | " + row.reason())
                    .append('\n');
        }
        return text.isEmpty() ? "nothing\n" : text.toString();
    }

    static @Nullable Directive named(String name) {
        return ROWS.get(name);
    }

    static Set<String> names() {
        return ROWS.keySet();
    }
}
