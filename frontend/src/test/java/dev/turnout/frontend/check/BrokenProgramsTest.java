package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is done to a program, the checker says something or accepts it; it does not throw. */
class BrokenProgramsTest {
    private static final int ROUNDS = Integer.getInteger("turnout.fuzz.rounds", 600);

    private static List<String> programs() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String folder : List.of("../examples", "../bench/workloads", "src/test/resources/programs")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                for (Path file : files.filter(one -> one.toString().endsWith(".turn"))
                        .sorted()
                        .toList()) {
                    texts.add(Files.readString(file));
                }
            }
        }
        return texts;
    }

    @Test
    void everyMutationOfEveryProgramIsAnswered() throws IOException {
        List<String> texts = programs();
        List<String> words = new ArrayList<>();
        for (String text : texts) {
            words.addAll(List.of(text.split("(?<=\\W)|(?=\\W)")));
        }
        Random random = new Random(42);
        for (int round = 0; round < ROUNDS; round++) {
            String text = texts.get(random.nextInt(texts.size()));
            List<String> pieces = new ArrayList<>(List.of(text.split("(?<=\\W)|(?=\\W)")));
            for (int times = 1 + random.nextInt(3); times > 0; times--) {
                int at = random.nextInt(pieces.size());
                switch (random.nextInt(4)) {
                    case 0 -> pieces.remove(at);
                    case 1 -> pieces.add(at, words.get(random.nextInt(words.size())));
                    case 2 -> pieces.set(at, words.get(random.nextInt(words.size())));
                    default -> pieces.set(at, pieces.get(random.nextInt(pieces.size())));
                }
            }
            String broken = String.join("", pieces);
            try {
                Checked checked = Checked.of(broken);
                assertThat(checked.program().isPresent())
                        .isEqualTo(!checked.diagnostics().hasErrors());
            } catch (RuntimeException | StackOverflowError e) {
                fail("round " + round + "\n" + broken, e);
            }
        }
    }
}
