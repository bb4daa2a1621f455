package dev.turnout.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.ir.model.ByteString;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is said of programs that clang has made, each wrong in a way that people are wrong: with the lines of their source, and without.
 * Read it aloud to somebody who knows C. {@code -Dbless} writes it anew.
 */
class ToldRejectionsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "told");

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "rejected-without-lines"})
    void eachRejectionIsToldAsItStands(String name) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        byte[] bytes = Files.readAllBytes(FOLDER.resolve(name + ".o"));
        BpfObject object = ElfReader.read(ByteString.copyOf(bytes), Policy.LINUX, diagnostics)
                .orElseThrow();
        StringBuilder told = new StringBuilder();
        for (ObjectFunction one : object.programs()) {
            BpfProgram program =
                    ProgramLoader.load(object, one.name(), diagnostics).orElseThrow();
            told.append(told.isEmpty() ? "" : "\n").append(one.name()).append('\n');
            switch (Verifier.verify(program, Options.kernel())) {
                case Verdict.Verified _ -> told.append("accepted\n");
                case Verdict.Rejected rejected ->
                    rejected.violations()
                            .forEach(violation ->
                                    told.append(new TerminalRenderer(false).render(violation.diagnostic(program))));
            }
        }
        Path expected = FOLDER.resolve(name + ".txt");
        if (System.getProperty("bless") != null && System.getenv("CI") == null) {
            Files.writeString(expected, told);
        }
        assertThat(told).hasToString(Files.readString(expected));
    }
}
