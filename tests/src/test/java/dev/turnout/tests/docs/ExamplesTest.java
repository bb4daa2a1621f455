package dev.turnout.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.codegen.CodeGenerator;
import dev.turnout.bpf.codegen.Options;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.tests.golden.Stages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The programs in {@code examples}: each builds for every target, and its tests pass. */
class ExamplesTest {
    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".turn"))
                    .sorted()
                    .toList();
        }
    }

    private static Compilation compilation(Path file) {
        try {
            return Stages.compilationOf(file.getFileName().toString(), Files.readString(file));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @TestFactory
    Stream<DynamicTest> every_example_builds_for_every_target() throws IOException {
        return sources().stream()
                .flatMap(file -> Stream.of(TargetProfile.values())
                        .map(target -> DynamicTest.dynamicTest(
                                file.getFileName() + " for " + target.word(), () -> build(file, target))));
    }

    private static void build(Path file, TargetProfile target) {
        Compilation compilation = compilation(file);
        Diagnostics diagnostics = compilation.diagnostics();
        compilation
                .optimised()
                .ifPresent(module ->
                        CodeGenerator.generate(module, target, new Options(false, compilation.sources()), diagnostics));
        assertThat(new TerminalRenderer(false).render(diagnostics)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> every_test_block_passes() throws IOException {
        return sources().stream()
                .flatMap(file ->
                        TestRunner.run(compilation(file), Loader.linux(new Interpreter())).orElseThrow().stream()
                                .map(result -> DynamicTest.dynamicTest(
                                        file.getFileName() + ": " + result.test(),
                                        () -> assertThat(result.ending())
                                                .isInstanceOf(TestRunner.Ending.Passed.class))));
    }
}
