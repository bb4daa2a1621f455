package dev.turnout.tests.verdicts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Our verdicts on the objects of {@code tests/corpus}, beside the running kernel's: they agree but for the rows that are kept. */
class ObjectVerdictsTest {
    private static final Path TESTS = Path.of("").toAbsolutePath();

    /** A row of {@code objects.tsv}. */
    private record Row(String ours, String kernel, Reason reason, String why) {}

    @TestFactory
    Stream<DynamicTest> both_say_the_same_or_what_is_kept() throws IOException {
        Map<String, Row> kept = kept();
        return objects().map(path -> DynamicTest.dynamicTest(path.toString(), path.toUri(), () -> compare(path, kept)));
    }

    @TestFactory
    Stream<DynamicTest> what_is_kept_is_there() throws IOException {
        List<String> there =
                objects().map(path -> TESTS.relativize(path).toString()).toList();
        return kept().keySet().stream()
                .map(path ->
                        DynamicTest.dynamicTest(path, () -> assertThat(there).contains(path)));
    }

    private static void compare(Path path, Map<String, Row> kept) throws IOException {
        Row row = kept.get(TESTS.relativize(path).toString());
        BpfProgram program = load(path);
        String ours = Verdicts.ours(program);
        if (row != null) {
            assertThat(ours).as(row.why).isEqualTo(row.ours);
        }
        // A walk to the end of the kernel's patience takes seconds, and there is nothing to learn from it.
        boolean tedious = row != null && row.reason == Reason.KERNEL_POLICY;
        assumeTrue(!tedious && Verdicts.kernelAnswers(), "the kernel is not asked");
        Optional<String> kernel = Verdicts.kernel(program);
        assumeTrue(kernel.isPresent(), "this kernel lacks something that the program needs");
        if (row == null) {
            assertThat(ours.equals(Verdicts.ACCEPTED))
                    .as("ours " + ours + ", the kernel's " + kernel.get() + ": a row for objects.tsv")
                    .isEqualTo(kernel.get().equals(Verdicts.ACCEPTED));
        } else {
            assertThat(kernel.get()).as(row.why).contains(row.kernel);
        }
    }

    private static BpfProgram load(Path path) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object = ElfReader.read(ByteString.copyOf(Files.readAllBytes(path)), Policy.LINUX, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
        return ProgramLoader.load(object, "entry", diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
    }

    private static Stream<Path> objects() throws IOException {
        try (Stream<Path> all = Files.walk(TESTS.resolve("corpus"))) {
            return all
                    .filter(path ->
                            path.toString().contains(".xdp.") && path.toString().endsWith(".o"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Map<String, Row> kept() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(TESTS.resolve("verdicts/objects.tsv"))) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t", -1);
                rows.put(
                        columns[0],
                        new Row(
                                columns[2],
                                columns[3],
                                Reason.ofWord(columns[4]).orElseThrow(),
                                columns[5]));
            }
        }
        return rows;
    }
}
