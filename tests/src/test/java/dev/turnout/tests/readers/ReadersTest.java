package dev.turnout.tests.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every example, and a program with an optional section, for every Linux target that it can be built for: no reader complains of any. */
class ReadersTest {
    private static final Path SCRIPT =
            Path.of("..", "tests", "readers").toAbsolutePath().normalize();

    /** With which the script ends if the reader is not here. */
    private static final int ABSENT = 77;

    @TempDir
    static Path objects;

    @BeforeAll
    static void objects_are_built() throws IOException {
        List<Path> sources;
        try (Stream<Path> all = Files.list(Path.of("..", "examples"))) {
            sources = Stream.concat(
                            all.filter(path -> path.toString().endsWith(".turn")),
                            Stream.of(Path.of("src/test/resources/readers/optional.turn")))
                    .sorted()
                    .toList();
        }
        for (TargetProfile target : TargetProfile.values()) {
            if (target == TargetProfile.VM) {
                continue;
            }
            Path folder = Files.createDirectory(objects.resolve(target.word()));
            for (Path source : sources) {
                String name = source.getFileName().toString();
                Compilation compilation = new Compilation(
                        new SourceFile(name, Files.readString(source)),
                        SourceReader.none(),
                        new CompileOptions(target, Map.of(), false, true));
                // ExamplesTest holds that only a demand which the target lacks keeps one from being built.
                if (compilation.generated().isPresent()) {
                    Files.write(
                            folder.resolve(name.replace(".turn", ".o")),
                            ElfWriter.write(compilation.generated().get().object())
                                    .toArray());
                }
            }
            try (Stream<Path> built = Files.list(folder)) {
                assertThat(built).hasSizeGreaterThan(sources.size() / 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"readelf", "llvm-readelf", "llvm-objdump", "bpftool", "cilium"})
    void no_object_is_complained_of(String reader) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(SCRIPT.toString(), "--only", reader, objects.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assumeTrue(code != ABSENT, said.strip());
        assertThat(code).as(said).isZero();
        assertThat(said).contains(" 0 complaints");
    }
}
