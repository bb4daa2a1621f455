package dev.turnout.tests.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs that loaders leave out unless they are told to load them: written, and read for what they are. */
class OptionalSectionsTest {
    private static BpfObject written() throws IOException {
        Path source = Path.of("src/test/resources/readers/optional.turn");
        BpfObject object = new Compilation(
                        new SourceFile("optional.turn", Files.readString(source)),
                        SourceReader.none(),
                        new CompileOptions(TargetProfile.LINUX_6_12, Map.of(), false, true))
                .generated()
                .orElseThrow()
                .object();
        Diagnostics diagnostics = new Diagnostics();
        BpfObject read = ElfReader.read(ElfWriter.write(object), Policy.LINUX, diagnostics)
                .orElseThrow();
        assertThat(diagnostics.all()).isEmpty();
        return read;
    }

    private static BpfProgram program(String name) throws IOException {
        return ProgramLoader.load(written(), name, new Diagnostics()).orElseThrow();
    }

    @Test
    void their_sections_are_marked() throws IOException {
        assertThat(written().sections().stream().map(CodeSection::name))
                .containsExactlyInAnyOrder("xdp", "?xdp", "?lsm.s/file_open");
    }

    @Test
    void the_mark_is_no_part_of_what_they_are() throws IOException {
        assertThat(program("sometimes").type()).contains(ProgramType.XDP);
        BpfProgram newer = program("newer");
        assertThat(newer.type()).contains(ProgramType.LSM);
        assertThat(newer.has(ProgramSection.Trait.SLEEPABLE)).isTrue();
        assertThat(newer.surroundings().target()).isEqualTo("file_open");
    }
}
