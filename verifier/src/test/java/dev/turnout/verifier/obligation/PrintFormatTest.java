package dev.turnout.verifier.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintFormatTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain\n",
                "%d",
                "%i %u %x %X",
                "%ld%lld%lx",
                "%08x|%-5d|%+d|% d",
                "%c",
                "%s",
                "%s.",
                "%s\n",
                "100%%",
                "%%d",
                "%p",
                "%p ",
                "%p,",
                "%px",
                "%ps",
                "%pS",
                "%pB",
                "%pK",
                "%pks",
                "%pus",
                "%pi4",
                "%pI6",
                "caf\u00c3\u00a9 %d"
            })
    void the_kernel_takes(String format) {
        assertThat(PrintFormat.wrong(format, 4)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%z",
                "%f",
                "%5",
                "%l",
                "%lll",
                "%hd",
                "%sx",
                "%s1",
                "%pf",
                "%pi5",
                "%pksx",
                "%n",
                "%d%d%d%d%d",
                "\u0007",
                "%\u00e9"
            })
    void the_kernel_does_not_take(String format) {
        assertThat(PrintFormat.wrong(format, 4)).isPresent();
    }
}
