package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Module MODULE =
            IrParser.read("function @f -> i32 {\nb0(a: i32):\n    b = add i32 a, a\n    return b\n}\n");

    @Test
    void theOrderKeepsItsConstraints() {
        List<String> names = Pipeline.STANDARD.stream().map(Pipeline.Step::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(Pipeline.CONSTRAINTS).allSatisfy(one -> {
            assertThat(names).contains(one.before(), one.after());
            assertThat(names.indexOf(one.before())).as(one.reason()).isLessThan(names.indexOf(one.after()));
        });
    }

    @Test
    void theManualListsThePassesInOrder() throws IOException {
        StringBuilder table = new StringBuilder();
        Pipeline.STANDARD.forEach(step -> table.append("| `" + step.name() + "` | " + step.reason() + " |\n"));
        assertThat(Files.readString(Path.of("..", "docs", "ir.md"))).contains(table);
    }

    @Test
    void malformedResultsNameThePassAndShowBothSides() {
        Pipeline.Step broken = new Pipeline.Step(
                "break-it", "", module -> IrParser.read("function @f -> i32 {\nb0(a: i64):\n    return a\n}\n"));
        assertThatThrownBy(() -> Pipeline.run(List.of(broken), MODULE, true, Pipeline.Observer.NONE))
                .hasMessageContaining("pass break-it left")
                .hasMessageContaining("// ^ v0 is i64, the function returns i32")
                .hasMessageContaining("v1 = add i32 v0, v0");
    }

    @Test
    void aFailingPassIsNamedAndItsInputShown() {
        Pipeline.Step failing = new Pipeline.Step("fail", "", module -> {
            throw new IllegalArgumentException("no");
        });
        assertThatThrownBy(() -> Pipeline.run(List.of(failing), MODULE, false, Pipeline.Observer.NONE))
                .hasMessageContaining("pass fail failed: java.lang.IllegalArgumentException: no")
                .hasMessageContaining("v1 = add i32 v0, v0");
    }

    @Test
    void theObserverSeesEveryPass() {
        List<String> seen = new ArrayList<>();
        Pipeline.run(Pipeline.STANDARD, MODULE, true, (step, before, after, nanos) -> seen.add(step.name()));
        assertThat(seen).hasSameSizeAs(Pipeline.STANDARD);
    }
}
