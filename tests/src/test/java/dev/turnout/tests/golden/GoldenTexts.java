package dev.turnout.tests.golden;

import dev.turnout.diagnostics.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs of the golden files, for tests that want many. */
public final class GoldenTexts {
    private GoldenTexts() {}

    /**
     * A program.
     *
     * @param name of its file, relative to the folder of the golden files
     * @param files what it imports, by name
     */
    public record Text(String name, SourceFile source, Map<String, String> files) {
        public Text {
            files = Map.copyOf(files);
        }
    }

    /** Those of the files that {@code -Dgolden} selects, sorted. */
    public static List<Text> all() throws IOException {
        List<Text> texts = new ArrayList<>();
        for (Path path : GoldenTest.files()) {
            Subject subject = new Subject(path, GoldenFile.parse(Files.readString(path)));
            texts.add(new Text(GoldenTest.FOLDER.relativize(path).toString(), subject.source(), subject.files()));
        }
        return texts;
    }
}
