package dev.turnout.diagnostics.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import org.junit.jupiter.api.Test;

final class TerminalRendererTest {
    private static final TerminalRenderer PLAIN = new TerminalRenderer(false);

    @Test
    void aPlaceIsUnderlinedInItsLineAndRemarksFollow() {
        SourceFile file = new SourceFile("fw.turn", "fn f() {\n    a b;\n}\n");
        Diagnostic diagnostic = Diagnostic.at(span(file, "b"), DiagnosticCode.E0101, "expected `;`, found `b`")
                .labelled("here")
                .withLabel(span(file, "{"), "in this block")
                .withNote("a note\nof two lines")
                .withHelp("write `a; b;`");
        assertThat(PLAIN.render(diagnostic)).isEqualTo("""
                error[E0101]: expected `;`, found `b`
                 --> fw.turn:2:7
                  |
                1 | fn f() {
                  |        - in this block
                2 |     a b;
                  |       ^ here
                  = note: a note
                          of two lines
                  = help: write `a; b;`
                """);
    }

    @Test
    void linesBetweenLabelsAreLeftOutAndNumbersAreAligned() {
        SourceFile file = new SourceFile("t", "one\n\n\n\n\n\n\n\n\nten\n");
        Diagnostic diagnostic = Diagnostic.at(span(file, "ten"), DiagnosticCode.W0501, "unreachable code")
                .withLabel(span(file, "one"), "after this");
        assertThat(PLAIN.render(diagnostic)).isEqualTo("""
                warning[W0501]: unreachable code
                  --> t:10:1
                   |
                 1 | one
                   | --- after this
                ...
                10 | ten
                   | ^^^
                """);
    }

    @Test
    void labelsInOtherFilesHaveBlocksOfTheirOwn() {
        SourceFile main = new SourceFile("main.turn", "use x\n");
        SourceFile other = new SourceFile("other.turn", "\nlet x\n");
        Diagnostic diagnostic = Diagnostic.at(span(main, "x"), DiagnosticCode.E0101, "bad")
                .withLabel(span(other, "x"), "declared here");
        assertThat(PLAIN.render(diagnostic)).isEqualTo("""
                error[E0101]: bad
                 --> main.turn:1:5
                  |
                1 | use x
                  |     ^
                 ::: other.turn:2:5
                  |
                2 | let x
                  |     - declared here
                """);
    }

    @Test
    void tabsControlAndWideCharactersKeepTheUnderlineInPlace() {
        SourceFile file = new SourceFile("t", "\ta\u0001\u4e16\ud83d\ude00b c");
        assertThat(PLAIN.render(Diagnostic.at(span(file, "c"), DiagnosticCode.E0101, "bad")))
                .isEqualTo("""
                        error[E0101]: bad
                         --> t:1:9
                          |
                        1 |     a\ufffd\u4e16\ud83d\ude00b c
                          |             ^
                        """);
    }

    @Test
    void ofAWideLineOnlyTheSurroundingsAreShown() {
        SourceFile file = new SourceFile("t", "x".repeat(100_000) + "BAD" + "y".repeat(900_000));
        String text = PLAIN.render(Diagnostic.at(span(file, "BAD"), DiagnosticCode.E0101, "bad"));
        assertThat(text.lines().skip(3).toList())
                .containsExactly(
                        "1 | ..." + "x".repeat(55) + "BAD" + "y".repeat(52) + "...", "  | " + " ".repeat(58) + "^^^");
    }

    @Test
    void aSpanOverSeveralLinesIsUnderlinedToTheEndOfItsFirst() {
        SourceFile file = new SourceFile("t", "if {\n  a\n}\n");
        assertThat(PLAIN.render(Diagnostic.at(new Span(file, 3, 10), DiagnosticCode.E0101, "bad")))
                .endsWith("1 | if {\n  |    ^\n");
    }

    @Test
    void aDiagnosticWithoutAPlaceIsItsMessageAndRemarks() {
        assertThat(PLAIN.render(Diagnostic.general(DiagnosticCode.X0101, "oh").withHelp("report it")))
                .isEqualTo("error[X0101]: oh\n  = help: report it\n");
    }

    @Test
    void manyErrorsTakeOneScreenAndAreCounted() {
        SourceFile file = new SourceFile("t", "x\n");
        Diagnostics diagnostics = new Diagnostics();
        for (int i = 0; i < 1000; i++) {
            diagnostics.report(Diagnostic.at(span(file, "x"), DiagnosticCode.E0101, "bad " + i));
        }
        String text = PLAIN.render(diagnostics);
        assertThat(text.lines()).hasSizeLessThanOrEqualTo(TerminalRenderer.SCREEN + 1);
        assertThat(text).endsWith("1000 errors (the first 8 are shown)\n");
    }

    @Test
    void nothingReportedIsNothingSaid() {
        assertThat(PLAIN.render(new Diagnostics())).isEmpty();
    }

    @Test
    void coloursAreOnlyAddedToTheSameText() {
        SourceFile file = new SourceFile("t", "a b\n");
        Diagnostic diagnostic =
                Diagnostic.at(span(file, "b"), DiagnosticCode.E0101, "bad").withNote("n");
        String coloured = new TerminalRenderer(true).render(diagnostic);
        assertThat(coloured).contains("\u001b[1;31m");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(PLAIN.render(diagnostic));
    }

    private static Span span(SourceFile file, String text) {
        int at = file.text().indexOf(text);
        return new Span(file, at, at + text.length());
    }
}
