package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The program of a golden file on its way through the stages. Each is made when a directive asks for it. */
final class Subject {
    private final SourceFile source;
    private final Map<String, String> files = new LinkedHashMap<>();

    Subject(Path path, GoldenFile file) {
        this.source = new SourceFile(String.valueOf(path.getFileName()), file.program());
        for (Section section : file.sections()) {
            if (section.name().equals("file")) {
                files.put(section.text(), String.join("\n", section.exact()) + "\n");
            }
        }
    }

    /** The program's own stages. */
    Stages stages() {
        return new Stages(source, files, new Diagnostics());
    }

    /** Why the running kernel is not asked; empty if it is. */
    Optional<String> whyNotInKernel() {
        return Optional.of("claims are not decided yet");
    }
}
