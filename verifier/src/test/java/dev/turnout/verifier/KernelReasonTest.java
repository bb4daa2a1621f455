package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Decoder;
import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.verifier.log.KernelLog;
import dev.turnout.verifier.log.KernelReason;
import dev.turnout.verifier.report.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each row of the table of Linux's words has a program that is rejected with a code of the row, and a log with these words. */
class KernelReasonTest {
    private static final Path DATA = Path.of("src", "test", "resources", "rejections.data");

    @TestFactory
    Stream<DynamicTest> eachRowIsProvoked() throws IOException {
        Map<String, String> programs = programs();
        return KernelReason.all().stream()
                .filter(row -> !row.codes().isEmpty())
                .map(row -> DynamicTest.dynamicTest(row.row() + " " + row.words(), () -> {
                    assertThat(programs).containsKey(row.fragment());
                    check(row, programs.getOrDefault(row.fragment(), ""));
                }));
    }

    private static void check(KernelReason row, String text) {
        if (text.startsWith("hex ")) {
            Diagnostics diagnostics = new Diagnostics();
            byte[] bytes = HexFormat.of().parseHex(text.substring(4).strip());
            assertThat(Decoder.decode(ByteBuffer.wrap(bytes), "code", Policy.LINUX, diagnostics))
                    .isEmpty();
            assertThat(diagnostics.all()).extracting(Diagnostic::code).containsAnyElementsOf(row.codes());
            return;
        }
        List<String> lines = text.lines().toList();
        boolean ours = lines.contains("; ours");
        boolean run = lines.contains("; run");
        BpfProgram program = DiagnosticPagesTest.program(lines.stream()
                .filter(line -> !line.equals("; ours") && !line.equals("; run"))
                .map(KernelReasonTest::grown)
                .collect(Collectors.joining("\n")));
        Verdict verdict = Verifier.verify(program, run ? Options.linux() : Options.kernel());
        assertThat(verdict).as(text).isInstanceOf(Verdict.Rejected.class);
        Violation first = ((Verdict.Rejected) verdict).violations().getFirst();
        assertThat(row.codes()).as("%s%n%s", first, text).contains(first.code());
        String log = KernelLog.of(program, verdict);
        if (!ours) {
            assertThat(row.pattern().matcher(log).find()).as(log).isTrue();
        } else {
            assertThat(log).contains("processed ");
        }
    }

    /** Programs that are too long to write down. */
    private static String grown(String line) {
        return switch (line) {
            case "; functions DEEP-CALLS" ->
                functions(20, 3) + "\n" + (called() + "\n").repeat(19) + "r0 = 2\nr0 = 2\nexit";
            case "; functions MANY-FUNCTIONS" ->
                functions(257, 3) + "\n" + (called() + "\n").repeat(256) + "r0 = 2\nr0 = 2\nexit";
            case "; functions LONG-CALLS" ->
                functions(300, 3) + "\n" + (called() + "\n").repeat(299) + "r0 = 2\nr0 = 2\nexit";
            default -> line;
        };
    }

    /** A function that calls the next. */
    private static String called() {
        return "call pc+2\nr0 = 2\nexit";
    }

    private static String functions(int count, int slots) {
        return IntStream.range(0, count)
                .mapToObj(i -> Integer.toString(i * slots))
                .collect(Collectors.joining(" ", "; functions ", ""));
    }

    private static Map<String, String> programs() throws IOException {
        Map<String, String> programs = new LinkedHashMap<>();
        String fragment = "";
        List<String> program = new ArrayList<>();
        for (String line : Files.readAllLines(DATA)) {
            if (line.startsWith("== ")) {
                fragment = line.substring(3);
                program.clear();
            } else if (!line.isBlank() && !line.startsWith("#") && !fragment.isEmpty()) {
                program.add(line);
                programs.put(fragment, String.join("\n", program));
            }
        }
        return programs;
    }

    @Test
    void everyProgramHasItsRow() throws IOException {
        assertThat(KernelReason.all())
                .extracting(KernelReason::fragment)
                .containsAll(programs().keySet());
    }

    @Test
    void everyRowOfTheCatalogueIsThere() {
        assertThat(KernelReason.all().stream().map(KernelReason::row).distinct().toList())
                .isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void aLineOfALogFindsItsRow() {
        assertThat(KernelReason.of("R3 invalid mem access 'map_value_or_null'")
                        .orElseThrow()
                        .codes())
                .containsExactly(DiagnosticCode.V0113);
        assertThat(KernelReason.of("R0 unbounded memory access, make sure to bounds check any such access")
                        .orElseThrow()
                        .row())
                .isEqualTo(31);
        assertThat(Arrays.asList("", "everything is fine", "processed 12 insns"))
                .allSatisfy(line -> assertThat(KernelReason.of(line)).isEmpty());
    }

    /** The page about the verifier shows the table as it is; {@code -Dbless} writes it. */
    @Test
    void thePageShowsTheTable() throws IOException {
        Path page = Path.of("..", "docs", "verifier.md");
        String text = Files.readString(page);
        String begin = "<!-- table of Linux's words -->\n";
        String end = "<!-- end of the table -->\n";
        assertThat(text).contains(begin).contains(end);
        String table = "| Linux says | here |\n|---|---|\n"
                + KernelReason.all().stream()
                        .map(row -> "| `" + row.words() + "` | "
                                + (row.codes().isEmpty()
                                        ? row.remark()
                                        : row.codes().stream()
                                                .map(code ->
                                                        "[" + code.name() + "](diagnostics/" + code.name() + ".md)")
                                                .collect(Collectors.joining(", ")))
                                + " |\n")
                        .collect(Collectors.joining());
        String wanted =
                text.substring(0, text.indexOf(begin) + begin.length()) + table + text.substring(text.indexOf(end));
        if (System.getProperty("bless") != null && System.getenv("CI") == null) {
            Files.writeString(page, wanted);
        }
        assertThat(text).isEqualTo(wanted);
    }
}
