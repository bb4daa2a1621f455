package dev.turnout.frontend.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KNOWN = List.of("proto", "port", "saddr", "XDP_DROP", "a");

    @Test
    void nearNamesAreFound() {
        assertThat(Spelling.nearest("porto", KNOWN)).contains("proto");
        assertThat(Spelling.nearest("sadr", KNOWN)).contains("saddr");
        assertThat(Spelling.nearest("xdp_drop", KNOWN)).contains("XDP_DROP");
    }

    @Test
    void farNamesAreNot() {
        assertThat(Spelling.nearest("checksum", KNOWN)).isEmpty();
    }

    @Test
    void pathsAreSeenFromTheImportingFile() {
        assertThat(StandardImports.resolve("dir/main.turn", "../lib/a.turn")).isEqualTo("lib/a.turn");
        assertThat(StandardImports.resolve("main.turn", "./a.turn")).isEqualTo("a.turn");
        assertThat(StandardImports.resolve("/x/y/main.turn", "a.turn")).isEqualTo("/x/y/a.turn");
        assertThat(StandardImports.resolve("main.turn", "../a.turn")).isEqualTo("../a.turn");
    }
}
