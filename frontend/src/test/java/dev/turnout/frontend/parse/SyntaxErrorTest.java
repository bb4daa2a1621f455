package dev.turnout.frontend.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is said to the one who made a mistake. {@code syntax.txt} holds mistakes, each with the full text that the user
 * sees: read it like a user. {@code -Dbless=true} writes what is said now into the file, for the diff to be read.
 */
final class SyntaxErrorTest {
    private static final Path SNAPSHOTS = Path.of("src/test/resources/diagnostics/syntax.txt");
    private static final String BETWEEN = "\n=====\n";
    private static final String BEFORE_OUTPUT = "\n-----\n";

    @Test
    void everyMistakeIsToldInTheWordsOfTheSnapshot() {
        String expected = read();
        List<String> cases = new ArrayList<>();
        for (String one : expected.split(BETWEEN, -1)) {
            int end = one.indexOf(BEFORE_OUTPUT);
            String source = end < 0 ? one : one.substring(0, end);
            Diagnostics diagnostics = new Diagnostics();
            Parser.parse(new SourceFile("t.turn", source + "\n"), diagnostics);
            assertThat(diagnostics.hasErrors()).as(source).isTrue();
            cases.add(source
                    + BEFORE_OUTPUT
                    + new TerminalRenderer(false).render(diagnostics).stripTrailing());
        }
        String actual = String.join(BETWEEN, cases) + "\n";
        if (Boolean.getBoolean("bless")) {
            write(actual);
        }
        assertThat(actual).as("if the new words are better: -Dbless=true").isEqualTo(read());
    }

    @Test
    void theFirstErrorDoesNotHideTheOthers() {
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(new SourceFile("t.turn", """
                        fn f() {
                            let x = ;
                            if (x == ) { y(); }
                            z() w();
                        }
                        struct S { a: u32 b: u32 }
                        map m: hash<u32>(10)
                        fn g() { return 1 1; }
                        """), diagnostics);
        assertThat(diagnostics.all())
                .extracting(one -> one.primary().orElseThrow().span().line())
                .containsExactly(2, 3, 4, 6, 7, 8);
    }

    @Test
    void whatIsWholeSurvivesInTheTreeOfABrokenFile() {
        Diagnostics diagnostics = new Diagnostics();
        var file = Parser.parse(
                new SourceFile("t.turn", "const A = 1;\nfn f() { let = ; return; }\nconst B 2;\nkey k = true;\n"),
                diagnostics);
        assertThat(diagnostics.errorCount()).isEqualTo(2);
        assertThat(file.declarations()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void afterTheLimitParsingStops() {
        Diagnostics diagnostics = new Diagnostics();
        Parser.parse(new SourceFile("t.turn", "fn f() { x = ; }\n".repeat(1000)), diagnostics);
        assertThat(diagnostics.errorCount()).isEqualTo(Diagnostics.LIMIT + 1);
    }

    private static String read() {
        try {
            return Files.readString(SNAPSHOTS, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String text) {
        try {
            Files.writeString(SNAPSHOTS, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
