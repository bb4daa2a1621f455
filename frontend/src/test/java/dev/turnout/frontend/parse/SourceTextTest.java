package dev.turnout.frontend.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SourceTextTest {
    private final Diagnostics diagnostics = new Diagnostics();

    @Test
    void aByteOrderMarkIsNoPartOfTheText() {
        assertThat(decode("\ufeffconst A = 1;".getBytes(StandardCharsets.UTF_8)).text())
                .isEqualTo("const A = 1;");
        assertThat(diagnostics.all()).isEmpty();
    }

    @Test
    void theFirstByteThatIsNotUtf8IsReportedWithItsOffsetAndLine() {
        SourceFile file = decode(new byte[] {'a', '\n', 'b', (byte) 0xff, 'c'});
        assertThat(file.text()).isEqualTo("a\nb");
        assertThat(diagnostics.all()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(DiagnosticCode.E0107);
            assertThat(one.message()).isEqualTo("`t` is not UTF-8: byte 0xff at offset 3, in line 2");
        });
    }

    @Test
    void aCharacterCutByTheEndOfTheFileIsReported() {
        decode(new byte[] {'a', (byte) 0xe2, (byte) 0x82});
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one ->
                        assertThat(one.message()).isEqualTo("`t` is not UTF-8: byte 0xe2 at offset 1, in line 1"));
    }

    @Test
    void aFileOverTheLimitIsNotRead() {
        assertThat(decode(new byte[SourceText.MAX_BYTES + 1]).text()).isEmpty();
        assertThat(diagnostics.all())
                .singleElement()
                .extracting(one -> one.code())
                .isEqualTo(DiagnosticCode.E0106);
    }

    private SourceFile decode(byte[] bytes) {
        return SourceText.decode("t", bytes, diagnostics);
    }
}
