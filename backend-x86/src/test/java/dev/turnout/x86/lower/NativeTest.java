package dev.turnout.x86.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Wrong code may end its process, so it runs in one of its own. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64", disabledReason = "the code is for x86-64")
@EnabledIfSystemProperty(named = "os.name", matches = "Linux", disabledReason = "code memory is Linux's")
class NativeTest {
    private static void run(Class<?> program, String... features) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(features));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains(" checks, 0 differences");
    }

    @Test
    void everyRowDoesWhatItsMeaningSays() throws Exception {
        run(NativeTable.class);
    }

    @Test
    void everyRowDoesWhatItsMeaningSaysWithNewShifts() throws Exception {
        run(NativeTable.class, "bmi2");
    }

    @Test
    void controlGoesWhereItMust() throws Exception {
        run(NativePrograms.class);
    }
}
