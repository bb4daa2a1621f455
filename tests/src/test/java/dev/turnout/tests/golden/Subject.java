package dev.turnout.tests.golden;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.stdlib.target.TargetProfile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The program of a golden file, and the files that it imports. */
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

    SourceFile source() {
        return source;
    }

    /** What it imports, by name. */
    Map<String, String> files() {
        return files;
    }

    /** Its stages for the target that the directive names; {@code vm} if it names none. */
    Stages stages(Section section) {
        String word = section.options().getOrDefault("target", TargetProfile.VM.word());
        TargetProfile target = TargetProfile.ofWord(word)
                .orElseThrow(() -> new IllegalArgumentException("no target is called " + word));
        return new Stages(source, files, target, section.options().containsKey("strict"));
    }

    Stages stages(TargetProfile target) {
        return new Stages(source, files, target, false);
    }
}
