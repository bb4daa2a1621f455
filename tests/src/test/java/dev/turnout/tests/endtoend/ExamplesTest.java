package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The examples: their tests pass on every engine, with code for every target that has what they demand. */
class ExamplesTest {
    private static final Path FOLDER = Path.of("..").resolve("examples");

    /** The programs of the language's design, as short as they stand there. */
    private static final Path DESIGN = Path.of("..", "frontend", "src", "test", "resources", "programs");

    /** Demands that a target may refuse; {@code vm} has everything. */
    private static final Set<DiagnosticCode> REFUSALS =
            EnumSet.of(DiagnosticCode.E0412, DiagnosticCode.E0413, DiagnosticCode.E0414);

    @TestFactory
    Stream<DynamicTest> examples() throws IOException {
        return of(FOLDER);
    }

    @TestFactory
    Stream<DynamicTest> design() throws IOException {
        return of(DESIGN);
    }

    private static Stream<DynamicTest> of(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(path -> path.toString().endsWith(".turn"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> check(path)));
    }

    private static void check(Path path) throws IOException {
        SourceFile source = new SourceFile(path.getFileName().toString(), Files.readString(path));
        List<String> failures = new ArrayList<>();
        for (TargetProfile target : TargetProfile.values()) {
            Compilation compilation =
                    new Compilation(source, SourceReader.none(), new CompileOptions(target, Map.of(), false, true));
            compilation.generated();
            if (target != TargetProfile.VM && isRefused(compilation.diagnostics())) {
                continue;
            }
            assertThat(compilation.diagnostics().all())
                    .as("what code for %s is told", target.word())
                    .isEmpty();
            for (EngineRow row : EngineRow.values()) {
                if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                    TestRunner.run(compilation, Loader.linux(engine))
                            .orElse(List.of())
                            .forEach(result -> judge(result, target, failures));
                }
            }
        }
        assertThat(failures).isEmpty();
    }

    private static boolean isRefused(Diagnostics diagnostics) {
        return diagnostics.hasErrors()
                && diagnostics.all().stream().map(Diagnostic::code).allMatch(REFUSALS::contains);
    }

    private static void judge(TestRunner.Result result, TargetProfile target, List<String> failures) {
        if (result.ending() instanceof TestRunner.Ending.Failed failed) {
            Diagnostics reasons = new Diagnostics();
            failed.reasons().forEach(reasons::report);
            failures.add(result.engine() + ", code for " + target.word() + ", \"" + result.test() + "\":\n"
                    + new TerminalRenderer(false).render(reasons));
        }
    }
}
