package dev.turnout.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.render.TerminalRenderer;
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
}
