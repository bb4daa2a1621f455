package dev.turnout.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.tests.golden.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LanguageReferenceTest {
    private static final Path PAGE =
            Path.of("..", "docs", "language.md").toAbsolutePath().normalize();

    @TestFactory
    Stream<DynamicTest> every_example_compiles() throws IOException {
        List<Example> examples = Example.of(Files.readString(PAGE));
        assertThat(examples).hasSizeGreaterThan(10);
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(
                        "language.md:" + example.line(),
                        () -> assertThat(new TerminalRenderer(false)
                                        .render(Stages.diagnosticsOf("language.md", example.text())))
                                .isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> every_test_block_of_an_example_passes() throws IOException {
        return Example.of(Files.readString(PAGE)).stream()
                .filter(example -> example.text().contains("\ntest \""))
                .map(example -> DynamicTest.dynamicTest("language.md:" + example.line(), () -> run(example)));
    }

    private static void run(Example example) {
        List<TestRunner.Result> results = TestRunner.run(
                        Stages.compilationOf("language.md", example.text()), Loader.linux(new Interpreter()))
                .orElseThrow();
        assertThat(results).isNotEmpty();
        for (TestRunner.Result result : results) {
            Diagnostics reasons = new Diagnostics();
            if (result.ending() instanceof TestRunner.Ending.Failed failed) {
                failed.reasons().forEach(reasons::report);
            }
            assertThat(new TerminalRenderer(false).render(reasons))
                    .as(result.test())
                    .isEmpty();
            assertThat(result.ending()).isInstanceOf(TestRunner.Ending.Passed.class);
        }
    }
}
