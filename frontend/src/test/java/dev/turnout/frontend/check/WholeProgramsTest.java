package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs of the repository type without a report. */
class WholeProgramsTest {
    static Stream<Path> programs() throws IOException {
        try (Stream<Path> examples = Files.list(Path.of("../examples"));
                Stream<Path> workloads = Files.list(Path.of("../bench/workloads"))) {
            return Stream.concat(examples, workloads)
                    .filter(path -> path.toString().endsWith(".turn"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void theProgramIsAccepted(Path path) throws IOException {
        Checked checked = Checked.of(Files.readString(path));
        assertThat(checked.diagnostics().all().stream()
                        .map(WholeProgramsTest::show)
                        .toList())
                .isEmpty();
        assertThat(checked.program()).isPresent();
    }

    private static String show(Diagnostic one) {
        return one.code() + " "
                + one.primary().map(label -> label.span().toString()).orElse("-") + " " + one.message() + one.notes()
                + one.helps();
    }
}
