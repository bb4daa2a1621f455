package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** -2⁶³, which has no absolute value. */
class LeastNumberTest {
    /** The edge that is taken leads to a read that is not allowed: it must not be taken for dead. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "if r3 s> r4 goto +2",
                "if r3 s>= r4 goto +2",
                "if r4 s< r3 goto +2",
                "if r4 s<= r3 goto +2",
                "if r3 != r4 goto +2"
            })
    void no_comparison_with_it_hides_what_comes_behind(String jump) {
        String text = """
                ; memory 8
                r3 = *(u8 *)(r1 + 0)
                r4 = -9223372036854775808 ll
                %s
                r0 = 0
                exit
                r0 = *(u64 *)(r1 + 1)
                exit
                """.formatted(jump);
        assertThat(Verifier.verify(DiagnosticPagesTest.program(text), Options.exec()))
                .isInstanceOf(Verdict.Rejected.class);
    }
}
