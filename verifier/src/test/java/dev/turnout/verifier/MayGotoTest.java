package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@code may_goto} ends a loop only if its way out leaves the loop. */
class MayGotoTest {
    @Test
    void a_loop_that_it_leaves_ends() {
        assertThat(codes("r0 = 1\nmay_goto +1\ngoto -2\nexit")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Its way out is the next instruction.
                "r0 = 1\nmay_goto +0\nif r0 != 0 goto -2\nexit",
                // Its way out is elsewhere in the loop.
                "r0 = 1\nmay_goto +1\ngoto +0\nif r0 != 0 goto -3\nexit",
                // Its way out is the head of the loop.
                "r0 = 1\nr1 = 2\nmay_goto -2\nif r0 != 0 goto -3\nexit"
            })
    void a_loop_in_which_it_stays_does_not(String text) {
        assertThat(codes(text)).containsExactly(DiagnosticCode.V0110);
    }

    private static List<DiagnosticCode> codes(String text) {
        return Verifier.verify(DiagnosticPagesTest.program("; memory 8\n" + text), Options.exec())
                        instanceof Verdict.Rejected rejected
                ? rejected.violations().stream().map(Violation::code).toList()
                : List.of();
    }
}
