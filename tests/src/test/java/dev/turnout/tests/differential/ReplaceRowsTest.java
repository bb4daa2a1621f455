package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.driver.load.EngineRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are replaced while programs call through them; {@code tests/replace-rows} does it a million times. */
class ReplaceRowsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"direct, 100000", "interp, 20000"})
    void everyCallIsOneOfAFunctionThatTheRowHeldMeanwhile(String engine, int replacements)
            throws IOException, InterruptedException {
        assumeTrue(
                EngineRow.DIRECT.availability() instanceof EngineRow.Availability.Here,
                "no native code on this system");
        Process process =
                ForkedJvm.start(folder, ReplaceRows.class, List.of(), List.of(Integer.toString(replacements), engine));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertThat(said)
                .as(ForkedJvm.lastWords(folder, process.pid()) + Files.readString(folder.resolve("errors.txt")))
                .startsWith(engine + ": right")
                .contains("met ffff,");
        assertThat(exit).isZero();
    }
}
