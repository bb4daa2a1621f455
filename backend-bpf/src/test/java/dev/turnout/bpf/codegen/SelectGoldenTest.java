package dev.turnout.bpf.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrParser;
import dev.turnout.ir.verify.IrChecker;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of {@code select} holds IR, a line {@code // target: NAME}, and behind {@code // gives:} the code and the report
 * that come of it. {@code -Dbless} rewrites what is behind.
 */
class SelectGoldenTest {
    private static final Path FILES = Path.of("src/test/resources/select");
    private static final String GIVES = "// gives:\n";

    static Stream<String> files() throws IOException {
        try (Stream<Path> all = Files.list(FILES)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void code_is_as_the_file_says(String name) throws IOException {
        Path file = FILES.resolve(name);
        String text = Files.readString(file);
        int split = text.indexOf(GIVES);
        String input = split < 0 ? text : text.substring(0, split);
        Module module = IrParser.read(input);
        assertThat(IrChecker.check(module)).isEmpty();
        String gives = GIVES + comment(output(module, target(input)));
        if (System.getProperty("bless") != null) {
            Files.writeString(file, input + gives);
            return;
        }
        assertThat(input + gives).as("-Dbless rewrites %s", name).isEqualTo(text);
    }

    private static TargetProfile target(String input) {
        int at = input.indexOf("// target: ");
        String word = at < 0
                ? "vm"
                : input.substring(at + 11, input.indexOf('\n', at)).strip();
        return TargetProfile.ofWord(word).orElseThrow();
    }

    private static String output(Module module, TargetProfile target) {
        Diagnostics diagnostics = new Diagnostics();
        Generated generated = CodeGenerator.generateWithReport(module, target, Options.DEFAULT, diagnostics);
        StringBuilder out = new StringBuilder();
        diagnostics
                .all()
                .forEach(one -> out.append(one.code())
                        .append(": ")
                        .append(one.message())
                        .append(one.notes())
                        .append(one.helps())
                        .append('\n'));
        if (!diagnostics.hasErrors()) {
            BpfObject object = generated.object();
            out.append(CodeText.of(object));
        }
        generated
                .report()
                .rows()
                .forEach(row -> out.append(row.construct())
                        .append(": ")
                        .append(row.form())
                        .append(" [")
                        .append(row.reason())
                        .append("]\n"));
        return out.toString();
    }

    private static String comment(String text) {
        StringBuilder out = new StringBuilder();
        text.lines().forEach(line -> out.append(("// " + line).stripTrailing()).append('\n'));
        return out.toString();
    }
}
