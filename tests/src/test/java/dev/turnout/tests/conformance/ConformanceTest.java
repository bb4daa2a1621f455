package dev.turnout.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.exec.ExecReport;
import dev.turnout.driver.exec.LoadedCode;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.helper.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ConformanceTest {
    private static final World WORLD = World.host(line -> {});

    @TestFactory
    Stream<DynamicContainer> every_case_gives_its_result() {
        return Stream.of(EngineRow.values())
                .map(engine -> DynamicContainer.dynamicContainer(engine.word(), files(engine)));
    }

    private static Stream<DynamicTest> files(EngineRow engine) {
        try {
            return ConformanceFile.all().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file, engine)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void check(Path file, EngineRow engine) throws IOException {
        assumeFalse(
                engine.availability() instanceof EngineRow.Availability.Absent,
                () -> engine.word() + " cannot be used here");
        List<String> wrong = new ArrayList<>();
        for (ConformanceCase one : ConformanceFile.read(file)) {
            check(one, engine, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(ConformanceCase one, EngineRow engine, List<String> wrong) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<LoadedCode> loaded = LoadedCode.load(Assembled.program(one), engine, WORLD, diagnostics);
        boolean kernel = engine == EngineRow.KERNEL;
        boolean expected = kernel ? one.linux() : one.gap().isEmpty();
        if (loaded.isEmpty() || !expected) {
            loaded.ifPresent(LoadedCode::close);
            if (expected || !isRefusal(diagnostics, kernel ? "R012" : one.gap())) {
                wrong.add(one.name() + (loaded.isPresent() ? " is loaded" : " is refused: " + diagnostics.all()));
            }
            return;
        }
        try (LoadedCode code = loaded.get()) {
            for (ConformanceCase.Run run : one.runs()) {
                Optional<ExecReport> report = code.run(run.memory(), 1, diagnostics);
                if (report.isEmpty()) {
                    wrong.add(one.name() + " does not run: " + diagnostics.all());
                    return;
                }
                if (report.get().result() != run.result()) {
                    wrong.add(one.name() + ", line " + run.line() + ": "
                            + report.get().hex() + " instead of 0x" + Long.toHexString(run.result()));
                }
                if (!run.after().isEmpty() && !run.after().contains(report.get().memory())) {
                    wrong.add(one.name() + " leaves " + report.get().memory());
                }
            }
        }
    }

    private static boolean isRefusal(Diagnostics diagnostics, String code) {
        return diagnostics.all().stream().anyMatch(said -> said.code().name().startsWith(code));
    }
}
