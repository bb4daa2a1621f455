package dev.turnout.tests.kernel;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.tests.golden.GoldenTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program of the repository that kernels are asked about.
 *
 * @param name of its file, from the root of the repository
 * @param files what it imports, by name
 */
record Subject(String name, SourceFile source, Map<String, String> files) {
    private static final Path ROOT = Path.of("..");

    /** The examples, the programs of the language's design, and the jobs that clang's code is measured by. */
    private static final List<String> FOLDERS =
            List.of("examples", "frontend/src/test/resources/programs", "bench/workloads");

    Subject {
        files = Map.copyOf(files);
    }

    /** All: those of {@link #FOLDERS} and the golden programs that {@code -Dgolden} selects. */
    static List<Subject> all() throws IOException {
        List<Subject> all = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> paths = Files.list(ROOT.resolve(folder))) {
                for (Path path : paths.filter(one -> one.toString().endsWith(".turn"))
                        .sorted()
                        .toList()) {
                    String file = path.getFileName().toString();
                    all.add(new Subject(folder + "/" + file, new SourceFile(file, Files.readString(path)), Map.of()));
                }
            }
        }
        for (GoldenTexts.Text text : GoldenTexts.all()) {
            all.add(new Subject("tests/golden/" + text.name(), text.source(), text.files()));
        }
        return all;
    }

    /** Whether it is right, and holds a program. */
    boolean hasPrograms() {
        return compile(TargetProfile.VM)
                .generated()
                .map(generated -> !generated.object().programs().isEmpty())
                .orElse(false);
    }

    /** Its way through the compiler. */
    Compilation compile(TargetProfile target) {
        SourceReader reader =
                (_, relative) -> Optional.ofNullable(files.get(relative)).map(text -> new SourceFile(relative, text));
        return new Compilation(source, reader, CompileOptions.of(target));
    }
}
