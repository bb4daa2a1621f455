package dev.turnout.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.diagnostic.Severity;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.tests.golden.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DiagnosticPagesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGES = ROOT.resolve("docs/diagnostics");

    /** Errors and warnings in program texts: what examples of our language can provoke. */
    private static boolean isOfTexts(DiagnosticCode code) {
        return code.name().startsWith("E") || code.name().startsWith("W");
    }

    @TestFactory
    Stream<DynamicTest> every_code_has_a_page() {
        return Stream.of(DiagnosticCode.values())
                .map(code -> DynamicTest.dynamicTest(code.name(), () -> {
                    Path page = PAGES.resolve(code.name() + ".md");
                    assertThat(page).exists();
                    assertThat(Files.readString(page)).startsWith("# " + code.name() + ": " + code.title() + "\n");
                }));
    }

    @Test
    void every_page_is_of_a_code() throws IOException {
        for (Path page : pages()) {
            assertThat(DiagnosticCode.of(code(page))).as(page.toString()).isPresent();
        }
    }

    @TestFactory
    Stream<DynamicTest> every_example_does_what_its_page_says() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            for (Example example : Example.of(Files.readString(page))) {
                tests.add(DynamicTest.dynamicTest(
                        code(page) + ":" + example.line(), page.toUri(), () -> check(page, example)));
            }
        }
        return tests.stream();
    }

    private static void check(Path page, Example example) {
        Diagnostics found = Stages.diagnosticsOf(page.getFileName() + ":" + example.line(), example.text());
        String shown = new TerminalRenderer(false).render(found);
        if (example.fails().isEmpty()) {
            assertThat(shown).as("an example that is right").isEmpty();
            return;
        }
        assertThat(found.all()).as("an example that fails").isNotEmpty();
        assertThat(found.all().stream().map(one -> one.code().name()).distinct().toList())
                .withFailMessage(() -> "exactly " + example.fails().get() + " was promised:\n" + shown)
                .containsExactly(example.fails().get());
    }

    /** Why a code of texts has no golden file: what it needs cannot stand in one. */
    private static final Set<DiagnosticCode> ELSEWHERE = EnumSet.of(
            DiagnosticCode.E0106, // a megabyte of text: the parser's own tests
            DiagnosticCode.E0107, // bytes that are not UTF-8: the parser's own tests
            DiagnosticCode.E0415, // a sixth parameter in IR: the checker of the language is before it
            DiagnosticCode.E0417 // tens of thousands of instructions: the code generator's own tests
            );

    @Test
    void every_code_of_texts_is_provoked_by_a_golden_file() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT.resolve("tests/golden"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".turn")).toList()) {
                all.append(Files.readString(file));
            }
        }
        for (DiagnosticCode code : DiagnosticCode.values()) {
            if (isOfTexts(code) && !ELSEWHERE.contains(code)) {
                String word = code.severity() == Severity.ERROR ? "error" : "warning";
                assertThat(all.indexOf("//| " + word + "[" + code + "]"))
                        .as(code + ": " + code.title())
                        .isNotNegative();
            }
        }
    }

    /** Words matter: a message begins with a small letter or a sign, and has no period at its end. */
    @Test
    void messages_of_examples_are_written_as_the_house_writes_them() throws IOException {
        for (Path page : pages()) {
            for (Example example : Example.of(Files.readString(page))) {
                for (Diagnostic one :
                        Stages.diagnosticsOf("example", example.text()).all()) {
                    assertThat(one.message())
                            .as(code(page))
                            .doesNotEndWith(".")
                            .matches(text -> !Character.isUpperCase(text.charAt(0)) || text.startsWith("BPF"));
                }
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> all = Files.list(PAGES)) {
            return all.filter(one -> one.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static String code(Path page) {
        String name = String.valueOf(page.getFileName());
        return name.substring(0, name.indexOf('.'));
    }
}
