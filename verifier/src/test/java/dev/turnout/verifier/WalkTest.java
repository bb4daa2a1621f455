package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.report.Path;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the walk over paths decides, alone. */
class WalkTest {
    private static final Options SHORT =
            new Options(Options.Policy.EXEC, Options.Aim.RUN, Options.DEFAULT_BUDGET, 10_000);

    private static Verdict walked(String text) {
        return Verifier.walked(DiagnosticPagesTest.program("; memory 16\n" + text), SHORT);
    }

    private static List<DiagnosticCode> codes(String text) {
        return switch (walked(text)) {
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
            case Verdict.Verified _ -> List.of();
        };
    }

    /** Two tests of one number: what holds on one way only is used on that way only. */
    private static final String CORRELATED = """
            r2 = *(u8 *)(r1 + 0)
            r3 = 100
            if r2 > 7 goto +1
            r3 = r2
            if r2 > LAST goto +2
            r1 += r3
            r0 = *(u8 *)(r1 + 0)
            r0 = 0
            exit
            """;

    @Test
    void two_tests_of_one_number_agree() {
        assertThat(codes(CORRELATED.replace("LAST", "7"))).isEmpty();
        assertThat(codes(CORRELATED.replace("LAST", "8"))).containsExactly(DiagnosticCode.V0132);
    }

    @Test
    void a_rejection_tells_the_decisions_that_led_to_it() {
        assertThat(walked(CORRELATED.replace("LAST", "8")))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().path())
                                .isEqualTo(new Path(0, List.of(new Path.Step(2, 4), new Path.Step(4, 5)))));
    }

    @Test
    void the_invariants_hold_on_every_path() {
        assertThat(walked(CORRELATED.replace("LAST", "7"))).isInstanceOfSatisfying(Verdict.Verified.class, verified -> {
            Invariants invariants = verified.program().invariants();
            assertThat(invariants.before(4, Reg.R3).map(Known::toString)).contains("0 to 100");
            assertThat(invariants.before(5, Reg.R3).map(Known::toString)).contains("0 to 7");
        });
    }

    @Test
    void a_loop_is_gone_through_round_by_round() {
        String text = """
                r2 = 0
                r3 = r1
                r3 += r2
                r0 = *(u8 *)(r3 + 0)
                r2 += 1
                if r2 != END goto -5
                exit
                """;
        assertThat(codes(text.replace("END", "16"))).isEmpty();
        assertThat(codes(text.replace("END", "17"))).containsExactly(DiagnosticCode.V0132);
    }

    @Test
    void a_loop_that_comes_back_to_the_same_state_does_not_end() {
        assertThat(codes("""
                r0 = 0
                goto -2
                exit
                """)).containsExactly(DiagnosticCode.V0110);
    }

    /** Forty tests that each set a bit that nothing reads: 2⁴⁰ paths, and one state. */
    @Test
    void numbers_that_nothing_reads_do_not_tell_states_apart() {
        String text = "r3 = 0\nr4 = 0\n" + "r2 = *(u8 *)(r1 + 0)\nif r2 > 7 goto +1\nr3 |= 1\n".repeat(40)
                + "r0 = r4\nexit\n";
        assertThat(walked(text).steps()).isLessThan(1_000);
        assertThat(codes(text)).isEmpty();
    }

    private static final String COUNTED = """
            r2 = *(u64 *)(r1 + 0)
            may_goto +EXIT
            if r2 == 0 goto -3
            goto -3
            r0 = 0
            exit
            """;

    @Test
    void may_goto_ends_a_loop_by_going_on_and_not_by_its_jump() {
        assertThat(codes(COUNTED.replace("EXIT", "2"))).isEmpty();
        assertThat(codes(COUNTED.replace("+EXIT", "-2"))).containsExactly(DiagnosticCode.V0110);
        assertThat(Verifier.verify(
                        DiagnosticPagesTest.program("; memory 16\n" + COUNTED.replace("+EXIT", "-2")), Options.exec()))
                .as("the fixpoint knows that, too")
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void what_a_round_of_a_callback_changes_is_unknown_in_the_next() {
        String text = """
                ; functions 0 15
                r6 = r1
                *(u64 *)(r10 - 8) = 0
                r1 = 100
                r2 = function pc + 11
                r3 = r10
                r3 += -8
                r4 = 0
                call 181
                r2 = *(u64 *)(r10 - 8)
                if r2 > LAST goto +2
                r6 += r2
                r0 = *(u8 *)(r6 + 0)
                r0 = 0
                exit
                r3 = *(u64 *)(r2 + 0)
                r3 += 1
                *(u64 *)(r2 + 0) = r3
                r0 = 0
                exit
                """;
        assertThat(codes(text.replace("LAST", "15"))).isEmpty();
        assertThat(codes(text.replace("LAST", "16"))).containsExactly(DiagnosticCode.V0132);
    }

    @Test
    void a_walk_that_is_too_long_leaves_the_verdict_to_the_fixpoint() {
        String text = """
                r2 = *(u64 *)(r1 + 0)
                r3 = *(u64 *)(r1 + 8)
                r2 *= r3
                if r2 != 7 goto -2
                r0 = 0
                exit
                """;
        Options few = new Options(Options.Policy.EXEC, Options.Aim.RUN, Options.DEFAULT_BUDGET, 100);
        assertThat(Verifier.verify(DiagnosticPagesTest.program("; memory 16\n" + text), few))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().code())
                                .isEqualTo(DiagnosticCode.V0110));
    }
}
