package dev.turnout.frontend.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.AstPrinter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.antlr.v4.runtime.Token;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No text makes the parser throw, overflow its stack or take long; every text that is no program gives an error. */
final class HostileTextTest {
    @SuppressWarnings("unused") // by FieldSource
    private static final List<String> PROGRAMS = Programs.NAMES;

    @Test
    void tenMegabytesOfBracketsAreRefusedInOneScreen() {
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(
                SourceText.decode("t", "([{".repeat(3_500_000).getBytes(StandardCharsets.UTF_8), diagnostics),
                diagnostics);
        assertThat(diagnostics.all())
                .singleElement()
                .extracting(one -> one.code())
                .isEqualTo(DiagnosticCode.E0106);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{",
                "x(",
                "x[",
                "-",
                "!",
                "a+",
                "a.",
                "x?",
                "?",
                "*",
                "own ",
                "fn(",
                "hash<",
                "[4]",
                "::a",
                "if (c) a else ",
                "if (c) { } else ",
                "switch (x) { 1 => ",
                "1 => { } ",
                "S{ a = ",
                "@a ",
                "tail ",
                "a < ",
                "fn() -> ",
                "lock (",
                "{ x = (",
                "else",
                ";",
                "a;",
                "let x = ",
                "\"",
                "'",
                "/*",
                "\0",
                "300.1.1.1 ",
                "0x "
            })
    void whateverIsRepeatedTheStackAndTheClockAreFine(String piece) {
        for (String before : List.of("", "fn f() { ", "fn f() { x = ", "fn f() { switch (x) { ", "const X: ")) {
            String text = before + piece.repeat(SourceText.MAX_BYTES / 4 / piece.length());
            Diagnostics diagnostics = new Diagnostics();
            Assertions.assertTimeout(
                    Duration.ofSeconds(20),
                    () -> AstPrinter.print(Parser.parse(new SourceFile("t", text), diagnostics)));
            assertThat(diagnostics.hasErrors()).as("%s %s", before, piece).isTrue();
            assertThat(new TerminalRenderer(false).render(diagnostics).lines().count())
                    .isLessThanOrEqualTo(TerminalRenderer.SCREEN + 1);
        }
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void aMutilatedProgramIsReportedOrParsed(String program) {
        SourceFile source = Programs.read(program);
        List<Token> tokens = TokenScan.of(source, new Diagnostics()).list();
        Random random = new Random(program.hashCode());
        for (int round = 0; round < 300; round++) {
            int at = random.nextInt(tokens.size() - 1);
            Token one = tokens.get(at);
            String middle = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> tokens.get(random.nextInt(tokens.size() - 1)).getText();
                case 2 ->
                    one.getText() + " "
                            + tokens.get(random.nextInt(tokens.size() - 1)).getText();
                default -> Character.toString(random.nextInt(0x250));
            };
            String text = source.text().substring(0, one.getStartIndex())
                    + middle
                    + source.text().substring(one.getStopIndex() + 1);
            Diagnostics diagnostics = new Diagnostics();
            String tree = AstPrinter.print(Parser.parse(new SourceFile("t", text), diagnostics));
            assertThat(!tree.contains("invalid") || diagnostics.hasErrors())
                    .as(text)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void aProgramCutAnywhereIsReportedOrParsed(String program) {
        String text = Programs.read(program).text();
        for (int length = 0; length < text.length(); length += 7) {
            Diagnostics diagnostics = new Diagnostics();
            String cut = text.substring(0, length);
            String tree = AstPrinter.print(Parser.parse(new SourceFile("t", cut), diagnostics));
            assertThat(!tree.contains("invalid") || diagnostics.hasErrors())
                    .as(cut)
                    .isTrue();
        }
    }
}
