package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions as values: what the verifier knows of them, follows, and refuses. */
class FunctionTableTest {
    /** r0 = a row of table 0 by the byte at r1, which has three. */
    private static final String LOAD_ROW = """
            r3 = *(u8 *)(r1 + 0)
            if r3 > 2 goto .out
            r3 <<= 3
            r0 = map[0][0] + 0
            r0 += r3
            r0 = *(u64 *)(r0 + 0)
            """;

    private static final String OUT = """
            .out:
            r0 = 0
            exit
            """;

    private static final String TWO = """
            one:
            r0 = 1
            exit
            two:
            r0 = 2
            exit
            """;

    private static List<Violation> violations(String text) {
        return switch (Verifier.verify(
                DiagnosticPagesTest.program(Labelled.resolved("; memory 8\n" + text)), Options.linux())) {
            case Verdict.Verified _ -> List.of();
            case Verdict.Rejected rejected -> rejected.violations();
        };
    }

    private static void accepted(String text) {
        assertThat(violations(text)).as(text).isEmpty();
    }

    private static Violation rejected(String code, String text) {
        List<Violation> all = violations(text);
        assertThat(all).as(text).hasSize(1);
        assertThat(all.getFirst().code().name()).as(all + text).isEqualTo(code);
        return all.getFirst();
    }

    @Test
    void a_row_whose_index_is_in_range_is_called() {
        accepted("; calltable one two one\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO);
    }

    @Test
    void an_index_that_may_be_outside_is_refused() {
        Violation violation = rejected("V0129", "; calltable one two\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO);
        assertThat(violation.notes().toString()).contains("2 entries");
    }

    @Test
    void a_row_that_may_be_missing_is_asked_for_first() {
        rejected("V0113", "; calltable one - two\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO);
        accepted("; calltable one - two\n" + LOAD_ROW + "if r0 == 0 goto .out\ncallx r0\nexit\n" + OUT + TWO);
        // Of another copy the test says the same.
        accepted("; calltable one - two\n" + LOAD_ROW + "r6 = r0\nif r0 == 0 goto .out\ncallx r6\nexit\n" + OUT + TWO);
    }

    @Test
    void a_missing_row_that_the_index_does_not_reach_is_no_matter() {
        accepted("; calltable one two two -\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO);
    }

    @Test
    void every_function_that_the_index_reaches_is_followed() {
        String third = """
                three:
                r7 += 1
                r0 = 3
                exit
                """;
        rejected("V0111", "; calltable one two three\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO + third);
        // The third row cannot be reached: an index of two at most.
        accepted("; calltable one two one three\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO + third);
        // Of a mutable table each row may come to hold each candidate.
        rejected("V0111", "; mutable one two one three\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + TWO + third);
    }

    @Test
    void arguments_are_followed_for_each_call() {
        // The same table is given memory of 8 bytes, and then 4 bytes of stack: each is enough for what is read.
        accepted("""
                ; calltable first
                r6 = map[0][0] + 0
                r6 = *(u64 *)(r6 + 0)
                callx r6
                r1 = 1
                *(u32 *)(r10 - 4) = r1
                r1 = r10
                r1 += -4
                callx r6
                exit
                first:
                r0 = *(u32 *)(r1 + 0)
                exit
                """);
    }

    @Test
    void a_function_that_control_flow_chose_is_called() {
        accepted("""
                r2 = *(u8 *)(r1 + 0)
                r6 = function one
                if r2 == 0 goto .call
                r6 = function two
                .call:
                callx r6
                exit
                """ + TWO);
    }

    @Test
    void no_function_or_null_on_one_way_is_null() {
        String text = """
                r2 = *(u8 *)(r1 + 0)
                r3 = *(u8 *)(r1 + 1)
                r6 = 0
                if r2 == 0 goto .call
                r6 = function two
                .call:
                if %s == 0 goto .out
                callx r6
                exit
                """ + OUT + TWO;
        rejected("V0131", text.formatted("r3").replace("one:\nr0 = 1\nexit\n", ""));
        accepted(text.formatted("r2").replace("one:\nr0 = 1\nexit\n", ""));
        accepted(text.formatted("r6").replace("one:\nr0 = 1\nexit\n", ""));
    }

    @Test
    void functions_live_on_the_stack_and_in_what_points_to_it() {
        accepted("""
                r2 = function one
                *(u64 *)(r10 - 16) = r2
                r2 = function two
                *(u64 *)(r10 - 8) = r2
                r1 = r10
                r1 += -16
                call both
                exit
                both:
                r6 = r1
                r2 = *(u64 *)(r6 + 0)
                callx r2
                r7 = r0
                r2 = *(u64 *)(r6 + 8)
                callx r2
                r0 += r7
                exit
                """ + TWO);
    }

    @Test
    void one_function_serves_tables_of_different_length() {
        accepted("""
                ; calltable one two one two one two
                ; calltable two one two one two
                r6 = *(u8 *)(r1 + 0)
                if r6 > 5 goto .out
                r1 = map[0][0] + 0
                r2 = r6
                call pick
                if r6 > 4 goto .out
                r1 = map[1][0] + 0
                r2 = r6
                call pick
                exit
                .out:
                r0 = 0
                exit
                pick:
                r2 <<= 3
                r1 += r2
                r1 = *(u64 *)(r1 + 0)
                callx r1
                exit
                """ + TWO);
    }

    @Test
    void one_of_two_tables_has_the_rows_that_both_have() {
        String text = """
                ; calltable one two one two one two
                ; calltable two one two one two
                r6 = *(u8 *)(r1 + 0)
                r7 = *(u8 *)(r1 + 1)
                if r6 > %d goto .out
                r1 = map[0][0] + 0
                if r7 == 0 goto .row
                r1 = map[1][0] + 0
                .row:
                r6 <<= 3
                r1 += r6
                r1 = *(u64 *)(r1 + 0)
                callx r1
                exit
                """ + OUT + TWO;
        accepted(text.formatted(4));
        assertThat(rejected("V0129", text.formatted(5)).message()).contains("`calltable1`");
    }

    @Test
    void a_function_value_may_change_from_round_to_round() {
        String text = """
                r6 = *(u8 *)(r1 + 0)
                r7 = %s
                r8 = 0
                .round:
                %s
                callx r7
                .next:
                r7 = function two
                r8 += 1
                if r8 < 100 goto .round
                r0 = 0
                exit
                """ + TWO;
        accepted(text.formatted("function one", "r9 = 0"));
        accepted(text.formatted("0", "if r7 == 0 goto .next").replace("one:\nr0 = 1\nexit\n", ""));
        rejected("V0131", text.formatted("0", "r9 = 0").replace("one:\nr0 = 1\nexit\n", ""));
    }

    @Test
    void no_number_is_made_of_a_function() {
        rejected("V0120", "r2 = function one\nr2 += 8\ncallx r2\nexit\none:\nr0 = 0\nexit\n");
        rejected("V0120", "r2 = function one\nr0 = r2\nr0 &= 255\nexit\none:\nr0 = 0\nexit\n");
        rejected("V0122", "r2 = function one\n*(u64 *)(r1 + 0) = r2\nr0 = 0\nexit\none:\nr0 = 0\nexit\n");
        rejected("V0122", "r2 = function one\n*(u32 *)(r10 - 4) = r2\nr0 = 0\nexit\none:\nr0 = 0\nexit\n");
        rejected("V0127", "r0 = function one\nexit\none:\nr0 = 0\nexit\n");
        rejected("V0121", "r2 = function one\nr0 = 0\nif r2 > 4096 goto .out\n.out:\nexit\none:\nr0 = 0\nexit\n");
        rejected("V0121", "r2 = function one\nr3 = function two\nr0 = 0\nif r2 == r3 goto .out\n.out:\nexit\n" + TWO);
        // A callee may hand one on to its caller, which is inside of the program.
        accepted("call get\ncallx r0\nexit\nget:\nr0 = function one\nexit\none:\nr0 = 0\nexit\n");
    }

    @Test
    void no_function_is_printed() {
        // trace_printk(r10 - 16, 8, r3): a format in the frame, and what lies on the stack behind a pointer.
        String text = """
                r3 = function one
                *(u64 *)(r10 - 8) = r3
                r1 = 0x7025
                *(u64 *)(r10 - 16) = r1
                r1 = r10
                r1 += %d
                r2 = %d
                r3 = 0
                r4 = 0
                r5 = 0
                call 6
                r0 = 0
                exit
                one:
                r0 = 0
                exit
                """;
        accepted(text.formatted(-16, 8));
        rejected("V0122", text.formatted(-16, 16));
        rejected("V0123", text.formatted(-16, 8).replace("r3 = 0\n", "r3 = function one\n"));
    }

    @Test
    void a_table_is_read_by_whole_rows_and_not_written() {
        String text = "; calltable one\nr2 = map[0][0] + 0\n%s\nr0 = 0\nexit\none:\nr0 = 0\nexit\n";
        rejected("V0131", text.formatted("r2 = *(u32 *)(r2 + 0)"));
        rejected("V0129", text.formatted("r2 = *(u64 *)(r2 + 4)"));
        rejected("V0119", text.formatted("*(u64 *)(r2 + 0) = 0"));
        rejected(
                "V0133",
                "; calltable one two\nr3 = *(u8 *)(r1 + 0)\nr3 &= 4\nr2 = map[0][0] + 0\nr2 += r3\nr2 = *(u64 *)(r2 + 0)\nr0 = 0\nexit\n"
                        + TWO);
    }

    @Test
    void calls_through_a_table_go_in_no_circle() {
        Violation violation = rejected("V0105", """
                ; calltable one two
                call two
                exit
                one:
                r0 = 1
                exit
                two:
                r1 = map[0][0] + 0
                r1 = *(u64 *)(r1 + 8)
                callx r1
                exit
                """);
        assertThat(violation.notes().toString()).contains("`f2` → `f2`");
    }

    @Test
    void the_stack_is_counted_over_all_rows() {
        String text =
                "; calltable one two one\n" + "*(u64 *)(r10 - 256) = 0\n" + LOAD_ROW + "callx r0\nexit\n" + OUT + """
                one:
                r0 = 1
                exit
                two:
                *(u64 *)(r10 - %d) = 0
                r0 = 2
                exit
                """;
        accepted(text.formatted(256));
        assertThat(rejected("V0106", text.formatted(264)).notes().toString()).contains("`f0` 256 → `f2` 272");
    }

    @Test
    void main_is_in_no_table_that_it_calls_through() {
        String self = Labelled.resolved(
                        "; memory 8\n; calltable one\nr1 = map[0][0] + 0\nr1 = *(u64 *)(r1 + 0)\ncallx r1\nexit\none:\nr0 = 0\nexit\n")
                .replace("calltable 5", "calltable 0");
        assertThat(Verifier.verify(DiagnosticPagesTest.program(self), Options.exec()))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        verdict -> assertThat(
                                        verdict.violations().getFirst().code().name())
                                .isEqualTo("V0105"));
    }
}
