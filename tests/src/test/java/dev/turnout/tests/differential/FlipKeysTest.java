package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.driver.load.EngineRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are set while programs run; {@code tests/flip-keys} does it a million times. */
class FlipKeysTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"cell, 40000", "displacement, 20000", "flag, 20000"})
    void everyRunGoesAWayThatTheKeyHadMeanwhile(String mode, int flips) throws IOException, InterruptedException {
        assumeTrue(
                EngineRow.DIRECT.availability() instanceof EngineRow.Availability.Here,
                "no native code on this system");
        Process process = ForkedJvm.start(folder, FlipKeys.class, List.of(), List.of(Integer.toString(flips), mode));
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertThat(said)
                .as(ForkedJvm.lastWords(folder, process.pid()) + Files.readString(folder.resolve("errors.txt")))
                .startsWith(mode + ": right")
                .contains("ways seen 7ffff of 7ffff");
        assertThat(exit).isZero();
    }

    @Test
    void theJudgeKnowsRightFromWrong() {
        int right = 0x2 | 0x8 | 0x10 | 0x400 | 0x40 | 0x10000 | 0x8000 | 0x40000;
        int[] values = {1, 2, 4, 1};
        assertThat(FlippedProgram.isRight(right, values, true)).isTrue();
        assertThat(FlippedProgram.isRight(right ^ 0x3, values, true))
                .as("another way")
                .isFalse();
        assertThat(FlippedProgram.isRight(right ^ 0x3, new int[] {3, 2, 4, 1}, true))
                .as("a way that was possible")
                .isTrue();
        assertThat(FlippedProgram.isRight(right ^ 0x2, values, true))
                .as("no way")
                .isFalse();
        assertThat(FlippedProgram.isRight(right | 0x1, new int[] {3, 2, 4, 1}, true))
                .as("both ways")
                .isFalse();
        assertThat(FlippedProgram.isRight(right | 0x80000, values, true))
                .as("no site's bit")
                .isFalse();
    }
}
