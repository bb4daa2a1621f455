package dev.turnout.tests.golden;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.run.ConfigValues;
import dev.turnout.driver.stage.StageDump;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code //! decisions [target=T] [CONFIG=VALUE]…}: the choices that these values of {@code config} make, and what dies of it. */
final class DecisionText {
    private DecisionText() {}

    static String of(Subject subject, Section section) {
        Map<String, String> values = new HashMap<>(section.options());
        values.remove("target");
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object = ConfigValues.apply(subject.stages(section).object(), values, diagnostics)
                .orElseThrow(() -> new IllegalArgumentException(new TerminalRenderer(false).render(diagnostics)));
        String text = StageDump.decidedChoices(object, diagnostics).stream()
                .map(choice -> choice.text() + "\n")
                .collect(Collectors.joining());
        return text.isEmpty() ? "no decisions\n" : text;
    }
}
