package dev.turnout.tests.kernel;

import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What the kernel refuses of the programs of the repository, though it should not: {@code tests/kernel/refused.tsv}, a program and a target a
 * line. It is there to become empty: the test says which of them load.
 */
final class KnownRefusals {
    private static final Path FILE = Path.of("kernel", "refused.tsv");

    private final Set<String> lines;

    private KnownRefusals(Set<String> lines) {
        this.lines = lines;
    }

    static KnownRefusals read() throws IOException {
        Set<String> lines = new HashSet<>(Files.readAllLines(FILE));
        lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
        return new KnownRefusals(lines);
    }

    boolean contains(Subject subject, TargetProfile target) {
        return lines.contains(subject.name() + "\t" + target.word());
    }
}
