package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program that takes over in a function comes back to its caller: with any result, and with the packet moved. */
class TailCallTest {
    private static final String CALL = """
            r2 = map[0]
            r3 = 0
            call 12
            r0 = 1
            exit
            """;

    private static List<DiagnosticCode> codes(String text) {
        return switch (Verifier.verify(DiagnosticPagesTest.program(text), Options.linux())) {
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
            case Verdict.Verified _ -> List.of();
        };
    }

    private static String program(String main, String function) {
        int slots = (int) main.lines().count();
        return "; xdp\n; map prog_array 4 4 2\n; map array 4 8 4\n; functions 0 " + slots + "\n"
                + main.replace(
                        "call f", "call +" + (slots - main.lines().toList().indexOf("call f") - 1)) + function;
    }

    @Test
    void its_result_may_be_anything() {
        String use = """
                call f
                r1 = r10
                r1 += -8
                r1 += r0
                *(u8 *)(r1 + 0) = 0
                r0 = 2
                exit
                """;
        assertThat(codes(program(use, CALL))).containsExactly(DiagnosticCode.V0120);
        assertThat(codes(program(use, CALL.replace("call 12\n", "")))).isEmpty();
    }

    @Test
    void the_packet_may_have_moved() {
        String use = """
                r6 = *(u32 *)(r1 + 0)
                r3 = *(u32 *)(r1 + 4)
                r4 = r6
                r4 += 14
                if r4 > r3 goto +2
                call f
                r0 = *(u8 *)(r6 + 0)
                r0 = 2
                exit
                """;
        assertThat(codes(program(use, CALL))).containsExactly(DiagnosticCode.V0112);
        assertThat(codes(program(use, CALL.replace("call 12\n", "")))).isEmpty();
        assertThat(codes(program(use.replace("r0 = *(u8 *)(r6 + 0)\n", "r0 = 3\n"), CALL)))
                .isEmpty();
    }

    @Test
    void in_main_nothing_comes_back() {
        assertThat(codes("""
                ; xdp
                ; map prog_array 4 4 2
                r6 = *(u32 *)(r1 + 0)
                r7 = *(u32 *)(r1 + 4)
                r4 = r6
                r4 += 14
                if r4 > r7 goto +5
                r2 = map[0]
                r3 = 0
                call 12
                r0 = *(u8 *)(r6 + 0)
                r0 = 2
                exit
                """)).isEmpty();
    }

    @Test
    void the_frames_below_it_are_small() {
        String deep = """
                *(u64 *)(r10 - 256) = 0
                call f
                r0 = 2
                exit
                """;
        assertThat(codes(program(deep, CALL))).containsExactly(DiagnosticCode.V0140);
        assertThat(codes(program(deep.replace("256", "240"), CALL))).isEmpty();
        assertThat(codes(program(deep, CALL.replace("call 12\n", "")))).isEmpty();
    }

    @Test
    void it_goes_through_a_table_of_programs() {
        assertThat(codes("""
                ; xdp
                ; map array 4 4 2
                r2 = map[0]
                r3 = 0
                call 12
                r0 = 2
                exit
                """)).containsExactly(DiagnosticCode.V0126);
    }
}
