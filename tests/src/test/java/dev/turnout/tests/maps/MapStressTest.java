package dev.turnout.tests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.driver.load.EngineRow;
import dev.turnout.tests.differential.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Eight threads and a host on each kind of map; {@code tests/map-stress} does it as often as wanted. */
class MapStressTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"direct, 30000", "interp, 2000"})
    void nothing_is_lost_nothing_is_torn_and_everybody_comes_on(String engine, int operations)
            throws IOException, InterruptedException {
        assumeTrue(
                EngineRow.DIRECT.availability() instanceof EngineRow.Availability.Here,
                "no native code on this system");
        Process process = ForkedJvm.start(
                folder, MapStress.class, List.of(), List.of("all", Integer.toString(operations), engine));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertThat(said.lines())
                .as(ForkedJvm.lastWords(folder, process.pid()) + Files.readString(folder.resolve("errors.txt")))
                .hasSize(StressCase.values().length)
                .allMatch(line -> line.contains(" on " + engine + ": right;"));
        assertThat(exit).isZero();
    }
}
