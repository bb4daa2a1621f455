package dev.turnout.diagnostics.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceFileTest {
    private final SourceFile file = new SourceFile("a.turn", "one\r\ntwo\n\nfour");

    @Test
    void an_offset_at_a_line_start_is_in_that_line() {
        assertThat(file.line(5)).isEqualTo(2);
        assertThat(file.column(5)).isEqualTo(1);
        assertThat(file.line(4)).isEqualTo(1);
    }

    @Test
    void line_text_has_no_line_end() {
        assertThat(file.lineText(1)).isEqualTo("one");
        assertThat(file.lineText(3)).isEmpty();
        assertThat(file.lineText(4)).isEqualTo("four");
        assertThat(file.lineCount()).isEqualTo(4);
    }
}
