package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that {@code bpf_loop} calls. */
class CallbackTest {
    private static List<DiagnosticCode> codes(String text) {
        return switch (Verifier.verify(DiagnosticPagesTest.program(text), Options.linux())) {
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
            case Verdict.Verified _ -> List.of();
        };
    }

    /** {@code rounds} calls of {@code callback}, whose context is 16 zero bytes at r10 - 16. */
    private static String loop(String rounds, String after, String callback) {
        String main = """
                r6 = r1
                *(u64 *)(r10 - 8) = 0
                *(u64 *)(r10 - 16) = 0
                r1 = %s
                r2 = function pc + DISTANCE
                r3 = r10
                r3 += -16
                r4 = 0
                call 181
                %s
                r0 = 2
                exit
                """.formatted(rounds, after);
        int slots = (int) main.lines().filter(line -> !line.isBlank()).count() + 1;
        return "; xdp\n; map prog_array 4 4 2\n; functions 0 " + slots + "\n"
                + main.replace("DISTANCE", Integer.toString(slots - 5)) + callback;
    }

    private static final String STORE_AT_THE_INDEX = """
            r2 += r1
            *(u8 *)(r2 + 0) = 1
            r0 = 0
            exit
            """;

    @Test
    void the_first_argument_is_below_the_number_of_rounds() {
        assertThat(codes(loop("16", "", STORE_AT_THE_INDEX))).isEmpty();
        assertThat(codes(loop("17", "", STORE_AT_THE_INDEX))).containsExactly(DiagnosticCode.V0115);
    }

    private static final String COUNT = """
            r1 = *(u64 *)(r2 + 8)
            r1 += 1
            *(u64 *)(r2 + 8) = r1
            r0 = 0
            exit
            """;

    private static final String STORE_AT_THE_COUNT = """
            r3 = *(u64 *)(r10 - 8)
            r2 = r10
            r2 += -16
            r2 += r3
            *(u8 *)(r2 + 0) = 1
            """;

    @Test
    void what_the_callback_counts_in_its_context_is_bounded_by_the_rounds() {
        assertThat(codes(loop("15", STORE_AT_THE_COUNT, COUNT))).isEmpty();
        assertThat(codes(loop("16", STORE_AT_THE_COUNT, COUNT))).containsExactly(DiagnosticCode.V0115);
    }

    @Test
    void what_the_callback_writes_is_not_what_it_was() {
        assertThat(codes(loop("4", STORE_AT_THE_COUNT, """
                *(u64 *)(r2 + 8) = 99
                r0 = 0
                exit
                """))).containsExactly(DiagnosticCode.V0115);
    }

    @Test
    void registers_that_functions_keep_are_kept() {
        assertThat(codes(loop("4", "r3 = *(u32 *)(r6 + 0)", COUNT))).isEmpty();
        assertThat(codes(loop("4", "r3 = r1", COUNT))).containsExactly(DiagnosticCode.V0111);
    }

    @Test
    void a_callback_says_0_or_1() {
        assertThat(codes(loop("4", "", "r0 = 1\nexit\n"))).isEmpty();
        assertThat(codes(loop("4", "", "r0 = 2\nexit\n"))).containsExactly(DiagnosticCode.V0127);
        assertThat(codes(loop("4", "", "r0 = r1\nexit\n"))).containsExactly(DiagnosticCode.V0127);
    }

    @Test
    void a_callback_makes_no_tail_call() {
        assertThat(codes(loop("4", "", """
                r1 = *(u64 *)(r2 + 0)
                r0 = 0
                exit
                """).replace("*(u64 *)(r10 - 16) = 0", "*(u64 *)(r10 - 16) = r6")))
                .isEmpty();
        assertThat(codes(loop("4", "", """
                r1 = *(u64 *)(r2 + 0)
                r2 = map[0]
                r3 = 0
                call 12
                r0 = 0
                exit
                """).replace("*(u64 *)(r10 - 16) = 0", "*(u64 *)(r10 - 16) = r6")))
                .containsExactly(DiagnosticCode.V0124);
    }

    @Test
    void the_callback_is_a_function_and_the_context_is_on_the_stack() {
        assertThat(codes(loop("4", "", COUNT).replace("r3 += -16", "r3 = 0")))
                .as("null is no context to write to")
                .containsExactly(DiagnosticCode.V0112);
        assertThat(codes(loop("4", "", COUNT).replace("r3 += -16", "r3 = 5"))).containsExactly(DiagnosticCode.V0123);
    }

    /** No counter is needed of the callback: the helper counts. */
    @Test
    void any_number_of_rounds_ends() {
        assertThat(codes(loop("-1", "", "r0 = 0\nexit\n"))).isEmpty();
    }
}
