package dev.turnout.ir.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages of the codes for IR text: the failing example fails with that code, and the other one does not. */
class DiagnosticPagesTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "I01..")
    void thePageShowsWhatProvokesTheCode(DiagnosticCode code) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "diagnostics", code + ".md"));
        Diagnostics failing = new Diagnostics();
        assertThat(IrParser.parse(new SourceFile("page", example(page, "```ir,fails=" + code + "\n")), failing))
                .isEmpty();
        assertThat(failing.all()).extracting(Diagnostic::code).containsOnly(code);
        assertThat(IrParser.parse(new SourceFile("page", example(page, "```ir\n")), new Diagnostics()))
                .isPresent();
    }

    private static String example(String page, String fence) {
        int start = page.indexOf(fence) + fence.length();
        return page.substring(start, page.indexOf("```", start));
    }
}
