package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes that compilers make: each beside the one that is wrong by one. */
class PrecisionTest {
    private static List<DiagnosticCode> codes(String text, Options options) {
        return switch (Verifier.verify(DiagnosticPagesTest.program(text), options)) {
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
            case Verdict.Verified _ -> List.of();
        };
    }

    /** What the verifier says of a function that is given 16 bytes of memory, as RFC 9669 has it. */
    private static List<DiagnosticCode> memory(String text) {
        return codes("; memory 16\n" + text, Options.exec());
    }

    @Test
    void a_count_down_from_a_number_of_a_range_ends_at_zero() {
        String text = """
                r3 = *(u8 *)(r1 + 0)
                r3 &= MASK
                r0 = 0
                if r3 == 0 goto +6
                r4 = r1
                r4 += r3
                r5 = *(u8 *)(r4 + 0)
                r0 += r5
                r3 -= 1
                goto -7
                exit
                """;
        assertThat(memory(text.replace("MASK", "15"))).isEmpty();
        assertThat(memory(text.replace("MASK", "31"))).containsExactly(DiagnosticCode.V0132);
    }

    /** Whoever writes such an arm says that it is dead; if it is not, that is the message. */
    @Test
    void constants_that_no_operation_takes_and_writes_of_the_frame_pointer_may_stand_in_dead_arms() {
        String text = """
                ; socket
                r0 = *(u32 *)(r1 + 0)
                r0 &= 7
                if r0 < LIMIT goto +1
                BROKEN
                r0 = 0
                exit
                """;
        List<String> broken = List.of("r0 <<= 64", "w0 >>= 32", "r0 /= 0", "w0 %= 0", "r10 = 0", "r10 += 8");
        for (String insn : broken) {
            String program = text.replace("BROKEN", insn);
            DiagnosticCode code = insn.startsWith("r10") ? DiagnosticCode.V0135 : DiagnosticCode.V0108;
            assertThat(codes(program.replace("LIMIT", "8"), Options.linux()))
                    .as(insn)
                    .isEmpty();
            assertThat(codes(program.replace("LIMIT", "7"), Options.linux()))
                    .as(insn)
                    .containsExactly(code);
        }
    }

    /** Linux keeps larger frames of programs that may interrupt themselves elsewhere; a machine of ours does not. */
    @Test
    void frames_of_programs_that_may_interrupt_themselves_do_not_add_up_in_linux() {
        String text = """
                ; TYPE
                ; functions 0 4
                *(u64 *)(r10 - 400) = 0
                call pc+2
                r0 = 0
                exit
                *(u64 *)(r10 - 200) = 0
                r0 = 0
                exit
                """;
        assertThat(codes(text.replace("TYPE", "kprobe"), Options.kernel())).isEmpty();
        assertThat(codes(text.replace("TYPE", "kprobe"), Options.linux())).containsExactly(DiagnosticCode.V0106);
        assertThat(codes(text.replace("TYPE", "xdp"), Options.kernel())).containsExactly(DiagnosticCode.V0106);
    }

    @Test
    void a_loop_may_end_where_two_pointers_to_the_stack_meet() {
        String text = """
                r2 = r10
                r2 += -32
                r3 = r10
                r3 += END
                *(u64 *)(r2 + 0) = 7
                r2 += 8
                if r2 != r3 goto -3
                r0 = 0
                exit
                """;
        assertThat(memory(text.replace("END", "0"))).isEmpty();
        assertThat(memory(text.replace("END", "8"))).containsExactly(DiagnosticCode.V0115);
    }

    @Test
    void a_loop_may_end_where_two_pointers_into_the_one_value_of_a_map_meet() {
        String text = """
                ; xdp
                ; map array 4 32 COUNT
                *(u32 *)(r10 - 4) = 0
                r2 = r10
                r2 += -4
                r1 = map[0]
                call 1
                if r0 == 0 goto +6
                r3 = r0
                r3 += 32
                *(u64 *)(r0 + 0) = 7
                r0 += 8
                if r0 != r3 goto -3
                r0 = 0
                exit
                """;
        assertThat(codes(text.replace("COUNT", "1"), Options.linux())).isEmpty();
        assertThat(codes(text.replace("COUNT", "1").replace("r3 += 32", "r3 += 40"), Options.linux()))
                .containsExactly(DiagnosticCode.V0114);
    }

    /** The jump at slot 2 enters the loop behind its head, slot 3. */
    @Test
    void a_loop_may_have_several_entries() {
        String text = """
                r0 = 0
                r2 = *(u8 *)(r1 + 0)
                if r2 > 7 goto +1
                r0 += 1
                r0 += 1
                if r0 < END goto -3
                r1 += r0
                r0 = *(u8 *)(r1 + 0)
                exit
                """;
        assertThat(memory(text.replace("END", "14"))).isEmpty();
        assertThat(memory(text.replace("END", "15"))).containsExactly(DiagnosticCode.V0132);
    }

    /** Sixteen bits are shifted out in sixteen rounds, seventeen in one more. */
    @Test
    void a_loop_may_end_when_all_bits_are_shifted_out() {
        String text = """
                r2 = *(u32 *)(r1 + 0)
                r2 &= MASK
                r3 = r1
                if r2 == 0 goto +4
                r2 >>= 1
                r4 = *(u8 *)(r3 + 0)
                r3 += 1
                goto -5
                r0 = 0
                exit
                """;
        assertThat(memory(text.replace("MASK", "65535"))).isEmpty();
        assertThat(memory(text.replace("MASK", "131071"))).containsExactly(DiagnosticCode.V0132);
    }

    /** The entry comes from a table of two or from one of ONE; the index, 0 or 1, must be right for each. */
    @Test
    void several_tables_may_reach_one_jump() {
        String text = """
                ; memory 8
                ; table 15 17
                ; table 17ONE
                r3 = *(u8 *)(r1 + 0)
                r2 = *(u8 *)(r1 + 1)
                r2 &= 1
                r2 <<= 3
                if r3 != 0 goto +5
                r4 = map[0][0] + 0
                r4 += r2
                r4 = *(u64 *)(r4 + 0)
                goto +4
                r4 = map[1][0] + 0
                r4 += r2
                r4 = *(u64 *)(r4 + 0)
                gotox r4
                r0 = 1
                exit
                r0 = 2
                exit
                """;
        assertThat(codes(text.replace("ONE", " 15"), Options.exec())).isEmpty();
        assertThat(codes(text.replace("ONE", ""), Options.exec())).containsExactly(DiagnosticCode.V0129);
    }

    /** What clang makes of {@code if (n == 0 || n > 15)}: the difference wraps where n is 0, and its test holds for n. */
    @Test
    void a_range_is_tested_by_one_compare_of_a_lower_half() {
        String text = """
                r2 = *(u32 *)(r1 + 0)
                r3 = r2
                w3 += -1
                if w3 > MOST goto +3
                r2 += r1
                r0 = *(u8 *)(r2 LESS)
                exit
                r0 = 0
                exit
                """;
        assertThat(memory(text.replace("MOST", "14").replace("LESS", "+ 0"))).isEmpty();
        assertThat(memory(text.replace("MOST", "15").replace("LESS", "- 1"))).isEmpty();
        assertThat(memory(text.replace("MOST", "15").replace("LESS", "+ 0"))).containsExactly(DiagnosticCode.V0132);
        assertThat(memory(text.replace("MOST", "14").replace("LESS", "- 2"))).containsExactly(DiagnosticCode.V0132);
    }

    @Test
    void a_loop_that_rules_nothing_out_is_not_shown_to_end() {
        assertThat(memory("""
                r2 = *(u64 *)(r1 + 8)
                if r2 != 0 goto -2
                r0 = 0
                exit
                """)).containsExactly(DiagnosticCode.V0110);
    }

    @Test
    void what_the_caller_keeps_is_not_lost_in_a_second_call() {
        assertThat(memory("""
                ; functions 0 7
                r6 = r1
                call +5
                r7 = r0
                call +3
                r0 += r7
                r1 = *(u8 *)(r6 + 15)
                exit
                r0 = 3
                exit
                """)).isEmpty();
    }

    @Test
    void a_call_is_analysed_for_what_it_is_given() {
        String text = """
                ; functions 0 11
                r6 = r1
                r1 = 3
                call +8
                r6 += r0
                r1 = LAST
                call +5
                r6 += r0
                r0 = *(u8 *)(r6 + 0)
                exit
                r0 = 0
                exit
                r0 = r1
                exit
                """;
        assertThat(memory(text.replace("LAST", "12"))).isEmpty();
        assertThat(memory(text.replace("LAST", "13"))).containsExactly(DiagnosticCode.V0132);
    }

    /** Fourteen functions, each of which calls the next ten times with another number: 10¹⁴ paths of calls. */
    @Test
    void a_tree_of_calls_is_decided_in_bounded_time() {
        StringBuilder text = new StringBuilder("; memory 16\n; functions");
        int each = 22;
        for (int f = 0; f < 14; f++) {
            text.append(' ').append(f * each);
        }
        text.append('\n');
        for (int f = 0; f < 14; f++) {
            for (int call = 0; call < 10; call++) {
                text.append("r1 = ").append(call).append('\n');
                text.append(f < 13 ? "call +" + (each - 2 * call - 2) : "r1 += 1")
                        .append('\n');
            }
            text.append("r0 = 0\nexit\n");
        }
        long before = System.nanoTime();
        assertThat(codes(text.toString(), Options.exec())).isEmpty();
        assertThat(System.nanoTime() - before).isLessThan(60_000_000_000L);
    }
}
