package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Loops that end by a count that only falls: interpreters whose arms all jump to each other, cycles with several entries. */
class FallingCountTest {
    private static final int PROLOGUE = 11;
    private static final int ARM = 11;

    private static Verdict verdict(String text) {
        return Verifier.verify(DiagnosticPagesTest.program("; memory 16\n" + text), Options.exec());
    }

    private static List<DiagnosticCode> codes(String text) {
        return switch (verdict(text)) {
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
            case Verdict.Verified _ -> List.of();
        };
    }

    /** Every arm reads the next number and jumps through the one table; {@code count} are two instructions on r3. */
    private static String interpreter(int arms, String limit, IntFunction<String> count) {
        StringBuilder text = new StringBuilder("; table");
        for (int i = 0; i < arms; i++) {
            text.append(' ').append(PROLOGUE + i * ARM);
        }
        text.append("\nr6 = r1\nr3 = ").append(limit).append("\nr5 = *(u8 *)(r6 + 0)\nr0 = 0\n");
        dispatch(text, 4, arms);
        for (int i = 0; i < arms; i++) {
            int at = PROLOGUE + i * ARM;
            text.append("r5 = *(u8 *)(r6 + ")
                    .append(i % 16)
                    .append(")\nr0 += ")
                    .append(i)
                    .append('\n');
            text.append(count.apply(PROLOGUE + arms * ARM - at - 3)).append('\n');
            dispatch(text, at + 4, arms);
        }
        return text.append("exit\n").toString();
    }

    private static void dispatch(StringBuilder text, int at, int arms) {
        int exit = PROLOGUE + arms * ARM - at - 1;
        text.append("if r5 > ").append(arms - 1).append(" goto +").append(exit);
        text.append("\nr5 <<= 3\nr4 = map[0][0] + 0\nr4 += r5\nr4 = *(u64 *)(r4 + 0)\ngotox r4\n");
    }

    private static String falls(int exit) {
        return "if r3 == 0 goto +" + exit + "\nr3 -= 1";
    }

    @Test
    void an_interpreter_costs_what_its_code_is_long_and_not_how_long_it_runs() {
        Verdict few = verdict(interpreter(64, "16", FallingCountTest::falls));
        Verdict many = verdict(interpreter(64, "1000000", FallingCountTest::falls));
        assertThat(few).isInstanceOf(Verdict.Verified.class);
        assertThat(many).isInstanceOf(Verdict.Verified.class);
        assertThat(many.steps()).isEqualTo(few.steps()).isLessThan(12L * (PROLOGUE + 64 * ARM));
        Verdict twice = verdict(interpreter(128, "1000000", FallingCountTest::falls));
        assertThat(twice).isInstanceOf(Verdict.Verified.class);
        assertThat(twice.steps()).isLessThan(5 * many.steps() / 2);
    }

    @Test
    void an_interpreter_that_does_not_count_everywhere_is_refused() {
        assertThat(codes(interpreter(8, "16", exit -> exit == falling(8, 5) ? "r7 = 0\nr7 += 1" : falls(exit))))
                .containsExactly(DiagnosticCode.V0110);
    }

    private static int falling(int arms, int arm) {
        return (arms - arm) * ARM - 3;
    }

    @Test
    void a_count_that_is_not_tested_may_fall_below_zero() {
        assertThat(codes(interpreter(4, "16", _ -> "r3 -= 1\nr7 = 0"))).containsExactly(DiagnosticCode.V0110);
    }

    @Test
    void a_count_that_starts_anew_counts_nothing() {
        assertThat(codes(interpreter(8, "16", exit -> exit == falling(8, 2) ? "r3 = 16\nr7 = 0" : falls(exit))))
                .containsExactly(DiagnosticCode.V0110);
    }

    @Test
    void a_count_that_nobody_lives_to_see_end_is_none() {
        assertThat(codes(interpreter(4, "*(u64 *)(r6 + 8)", FallingCountTest::falls)))
                .containsExactly(DiagnosticCode.V0110);
    }

    /** The test of r4 allows 50 rounds, that of the count 8: behind the loop the count is still from 0 to 8. */
    @Test
    void a_count_down_stays_above_zero_where_another_test_allows_more_rounds() {
        String text = """
                r3 = START
                r4 = 0
                if r4 > 49 goto +5
                r4 += 1
                r5 = *(u8 *)(r1 + 1)
                if r3 == 0 goto +2
                r3 -= 1
                if r5 != 7 goto -6
                r1 += r3
                r0 = *(u64 *)(r1 + 0)
                exit
                """;
        assertThat(codes(text.replace("START", "8"))).isEmpty();
        assertThat(codes(text.replace("START", "10"))).containsExactly(DiagnosticCode.V0132);
    }

    /** Two cycles, slots 5 to 12 and 9 to 17, the second entered from outside and by way of the first; they share a count. */
    private static final String TWO_ENTRIES = """
            r2 = *(u8 *)(r1 + 0)
            r3 = *(u8 *)(r1 + 1)
            *(u64 *)(r10 - 8) = 100000
            r0 = 0
            if r2 > 7 goto +4
            r4 = *(u64 *)(r10 - 8)
            if r4 == 0 goto +11
            r4 -= 1
            *(u64 *)(r10 - 8) = r4
            r0 += 1
            r3 += 3
            r3 &= 127
            if r3 > 64 goto -8
            r5 = *(u64 *)(r10 - 8)
            if r5 == 0 goto +3
            FALL
            *(u64 *)(r10 - 8) = r5
            goto -9
            exit
            """;

    @Test
    void cycles_with_several_entries_may_share_a_count_on_the_stack() {
        assertThat(codes(TWO_ENTRIES.replace("FALL", "r5 -= 1"))).isEmpty();
        assertThat(codes(TWO_ENTRIES.replace("FALL", "r5 -= 2"))).containsExactly(DiagnosticCode.V0110);
        assertThat(codes(TWO_ENTRIES.replace("FALL", "r5 = 7"))).containsExactly(DiagnosticCode.V0110);
    }
}
