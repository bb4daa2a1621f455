package dev.turnout.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A mistake in native code ends the process, so it is not this one: all {@link Cases} run in another, which says how each ended. */
class DirectEngineTest {
    @TempDir
    private Path folder;

    private Process start(String... arguments) throws IOException {
        assumeTrue(DirectEngine.create(new Diagnostics()).isPresent(), "no native code here");
        return CasesProcess.start(folder, arguments);
    }

    @TestFactory
    Stream<DynamicTest> every_case_ends_well() throws IOException, InterruptedException {
        Process process = start("all");
        Map<String, String> endings = new LinkedHashMap<>();
        for (String line : process.inputReader().lines().toList()) {
            int at = line.indexOf(' ');
            endings.put(line.substring(0, at), line.substring(at + 1));
        }
        int exit = process.waitFor();
        String errors = Files.readString(folder.resolve("errors.txt"));
        return CasesProcess.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String ending = endings.getOrDefault(name, "the process died with " + exit + ": " + errors);
                    if (!ending.equals("passed")) {
                        fail(ending + "\n" + errors);
                    }
                }));
    }

    @Test
    void a_run_that_takes_for_ever_does_not_keep_the_jvm_from_ending() throws IOException, InterruptedException {
        Process process = start("endless");
        assertThat(process.inputReader().readLine()).isEqualTo("begins");
        assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(List.of(folder.toFile().list())).containsExactly("errors.txt");
    }
}
