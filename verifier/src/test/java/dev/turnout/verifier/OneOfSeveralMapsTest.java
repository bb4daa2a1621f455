package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pointer that is into one map's value or another's, by the way that control came, may do what is right for each. */
class OneOfSeveralMapsTest {
    private static final String SMALL = "; map hash 4 8 16\n";
    private static final String LARGE = "; map hash 4 16 16\n";
    private static final String PRESENT = "if r0 == 0 goto +1\n";

    /** {@code r0} is a value of the first map or the second, or null; then {@code rest}. */
    private static List<DiagnosticCode> codes(String first, String second, String rest) {
        return judge("; xdp\n" + first + second + """
                r6 = *(u32 *)(r1 + 12)
                *(u32 *)(r10 - 4) = 1
                r2 = r10
                r2 += -4
                if r6 == 0 goto +4
                r1 = map[0]
                call 1
                goto +3
                r1 = map[1]
                call 1
                """ + rest);
    }

    /** {@code r0} is a value of the first map or null, or constants that are all zero; then {@code rest}. */
    private static List<DiagnosticCode> withConstants(String rest) {
        return judge("; xdp\n" + SMALL + "; rodata 8\n" + """
                r6 = *(u32 *)(r1 + 12)
                *(u32 *)(r10 - 4) = 1
                r2 = r10
                r2 += -4
                if r6 == 0 goto +4
                r1 = map[0]
                call 1
                goto +2
                r0 = map[1][0] + 0
                """ + rest);
    }

    private static List<DiagnosticCode> judge(String text) {
        Verdict verdict = Verifier.verify(DiagnosticPagesTest.program(text), Options.linux());
        return verdict instanceof Verdict.Rejected rejected
                ? rejected.violations().stream().map(Violation::code).toList()
                : List.of();
    }

    @Test
    void what_lies_in_both_values_is_read_and_written() {
        assertThat(codes(SMALL, LARGE, PRESENT + "*(u32 *)(r0 + 4) = 7\nr0 = 2\nexit\n"))
                .isEmpty();
        assertThat(codes(SMALL, LARGE, PRESENT + "r0 = *(u64 *)(r0 + 0)\nexit\n"))
                .isEmpty();
    }

    @Test
    void the_smaller_value_is_the_bound_whichever_comes_first() {
        String past = PRESENT + "r0 = *(u64 *)(r0 + 8)\nexit\n";
        assertThat(codes(LARGE, LARGE, past)).isEmpty();
        assertThat(codes(SMALL, LARGE, past)).containsExactly(DiagnosticCode.V0114);
        assertThat(codes(LARGE, SMALL, past)).containsExactly(DiagnosticCode.V0114);
    }

    @Test
    void it_may_be_null_if_either_may() {
        String use = "r0 = *(u64 *)(r0 + 0)\nexit\n";
        assertThat(codes(SMALL, LARGE, use)).containsExactly(DiagnosticCode.V0113);
        assertThat(withConstants(use)).containsExactly(DiagnosticCode.V0113);
        assertThat(withConstants(PRESENT + use)).isEmpty();
    }

    @Test
    void it_is_not_written_if_one_is_constant() {
        assertThat(withConstants(PRESENT + "*(u32 *)(r0 + 0) = 7\nr0 = 2\nexit\n"))
                .containsExactly(DiagnosticCode.V0119);
    }

    @Test
    void what_one_holds_for_good_is_not_known_of_the_other() {
        // Were the load taken for the constant zero, the access past the frame would be dead.
        assertThat(withConstants(PRESENT + """
                        r0 = *(u32 *)(r0 + 0)
                        if r0 == 0 goto +1
                        *(u32 *)(r10 + 8) = 1
                        exit
                        """)).containsExactly(DiagnosticCode.V0115);
    }

    @Test
    void a_lookup_takes_it_as_a_key() {
        assertThat(codes(SMALL, LARGE, """
                        if r0 == 0 goto +5
                        r2 = r0
                        r1 = map[0]
                        call 1
                        r0 = 2
                        exit
                        """)).isEmpty();
    }

    @Test
    void two_of_them_have_a_difference_where_the_walk_tells_them_apart() {
        assertThat(codes(SMALL, LARGE, """
                        if r0 == 0 goto +2
                        r7 = r0
                        r0 -= r7
                        exit
                        """)).isEmpty();
    }
}
