package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples on the pages of the checker's codes do what the pages say. */
class DiagnosticPagesTest {
    /** An example of a page: the code that it provokes, or none if it is right. */
    record Example(String page, String fails, String text) {
        @Override
        public String toString() {
            return page + (fails.isEmpty() ? " fixed" : " failing");
        }
    }

    static Stream<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> pages = Files.list(Path.of("../docs/diagnostics"))) {
            for (Path page : pages.sorted().toList()) {
                String name = page.getFileName().toString();
                if (name.matches("(E02|E03|E040|E049|W05).*")) {
                    read(name, Files.readString(page), examples);
                }
            }
        }
        return examples.stream();
    }

    private static void read(String page, String text, List<Example> examples) {
        String[] pieces = text.split("```", -1);
        for (int i = 1; i < pieces.length; i += 2) {
            int line = pieces[i].indexOf('\n');
            String fence = pieces[i].substring(0, line);
            if (fence.startsWith("turn")) {
                String fails = fence.startsWith("turn,fails=") ? fence.substring("turn,fails=".length()) : "";
                examples.add(new Example(page, fails, pieces[i].substring(line + 1)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theExampleDoesWhatThePageSays(Example example) {
        Checked checked = Checked.of(example.text());
        List<String> codes = checked.diagnostics().all().stream()
                .map(one -> one.code().name())
                .toList();
        if (example.fails().isEmpty()) {
            assertThat(codes).isEmpty();
        } else {
            assertThat(codes).containsExactly(example.fails());
        }
    }
}
