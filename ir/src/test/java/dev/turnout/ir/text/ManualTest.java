package dev.turnout.ir.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Module;
import dev.turnout.ir.verify.IrChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/ir.md} tells the truth: each of its examples is read, checked, printed and read again. */
class ManualTest {
    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        StringBuilder example = new StringBuilder();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("..", "docs", "ir.md"))) {
            if (line.startsWith("```")) {
                if (inside) {
                    examples.add(example.toString());
                    example.setLength(0);
                }
                inside = line.equals("```ir");
            } else if (inside) {
                example.append(line).append('\n');
            }
        }
        return examples;
    }

    @Test
    void everyExampleIsReadAndPassesTheChecker() throws IOException {
        assertThat(examples())
                .hasSizeGreaterThan(4)
                .allSatisfy(example ->
                        assertThat(IrChecker.check(IrParser.read(example))).isEmpty());
    }

    @Test
    void readingWhatWasPrintedGivesAnEqualModule() throws IOException {
        assertThat(examples()).allSatisfy(example -> {
            Module module = IrParser.read(example);
            assertThat(IrParser.read(IrPrinter.print(module, true))).isEqualTo(module);
        });
    }

    @Test
    void theFirstExampleIsPrintedAsItStands() throws IOException {
        String example = examples().getFirst();
        assertThat(IrPrinter.print(IrParser.read(example))).isEqualTo(example);
    }
}
