package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What helpers take, and what is known after them, as Linux 7.2 has it. */
class HelperCallsTest {
    private static final String END = "r0 = 0\nexit\n";

    private static List<DiagnosticCode> codes(String text) {
        Verdict verdict = Verifier.verify(DiagnosticPagesTest.program(text), Options.kernel());
        return verdict instanceof Verdict.Rejected rejected
                ? rejected.violations().stream().map(Violation::code).toList()
                : List.of();
    }

    /** The start of a function with a key, 1, at fp-8 in 4 bytes, and the map in r1. */
    private static String lookup(String map, String key) {
        return "; xdp\n; map " + map + "\n*(u32 *)(r10 - 8) = " + key + "\nr1 = map[0]\nr2 = r10\nr2 += -8\ncall 1\n"
                + "r0 = *(u64 *)(r0 + 0)\n" + END;
    }

    @Test
    void an_array_has_every_element_whose_index_is_known() {
        assertThat(codes(lookup("array 4 8 4", "1"))).isEmpty();
        assertThat(codes(lookup("percpu_array 4 8 4", "3"))).isEmpty();
        assertThat(codes(lookup("array 4 8 4", "4"))).containsExactly(DiagnosticCode.V0113);
        assertThat(codes(lookup("hash 4 8 4", "1"))).containsExactly(DiagnosticCode.V0113);
    }

    @Test
    void zero_is_an_index_that_is_known_wherever_it_lies() {
        String lookup = "; xdp\n; map array 4 8 4\n*(u32 *)(r10 - 4) = %d\nr1 = map[0]\nr2 = r10\nr2 += -4\ncall 1\n"
                + "r0 = *(u64 *)(r0 + 0)\n" + END;
        assertThat(codes(lookup.formatted(0))).isEmpty();
        assertThat(codes(lookup.formatted(1))).containsExactly(DiagnosticCode.V0113);
    }

    @Test
    void an_index_that_is_not_one_number_finds_null_too() {
        assertThat(codes("""
                ; xdp
                ; map array 4 8 4
                call 7
                r0 &= 3
                *(u32 *)(r10 - 8) = r0
                r1 = map[0]
                r2 = r10
                r2 += -8
                call 1
                r0 = *(u64 *)(r0 + 0)
                """ + END)).containsExactly(DiagnosticCode.V0113);
    }

    @Test
    void what_only_some_helpers_take_from_the_packet() {
        String packet = """
                ; tc
                r6 = r1
                r7 = *(u32 *)(r1 + 76)
                r8 = *(u32 *)(r1 + 80)
                r2 = r7
                r2 += 8
                if r2 > r8 goto +7
                """;
        assertThat(codes(packet + "r1 = r7\nr2 = 8\nr3 = 0\nr4 = 0\nr5 = 0\ncall 28\nr0 = 0\n" + END))
                .isEmpty();
        assertThat(codes(packet + "r1 = r6\nr2 = 0\nr3 = r7\nr4 = 8\nr5 = 0\ncall 9\nr0 = 0\n" + END))
                .containsExactly(DiagnosticCode.V0123);
    }

    @Test
    void maps_of_sockets_change_only_where_no_socket_is_locked() {
        String delete = "\n; map sockmap 4 4 4\n*(u32 *)(r10 - 4) = 0\nr1 = map[0]\nr2 = r10\nr2 += -4\ncall 3\n" + END;
        assertThat(codes("; xdp" + delete)).isEmpty();
        assertThat(codes("; kprobe" + delete)).containsExactly(DiagnosticCode.V0126);
    }

    @Test
    void a_socket_of_a_map_is_a_full_one() {
        assertThat(codes("""
                ; sk_lookup
                ; map sockmap 4 8 4
                r6 = r1
                *(u32 *)(r10 - 4) = 0
                r1 = map[0]
                r2 = r10
                r2 += -4
                call 1
                if r0 == 0 goto +6
                r7 = r0
                r1 = r6
                r2 = r0
                r3 = 0
                call 124
                r1 = r7
                call 86
                r0 = 1
                exit
                """.replace("goto +6", "goto +7"))).isEmpty();
    }

    @Test
    void a_text_is_no_longer_than_its_room() {
        String read = """
                ; kprobe
                ; map array 4 64 1
                r1 = r10
                r1 += -64
                r2 = 64
                r3 = 0
                call 115
                if r0 s< 0 goto +10
                r6 = r0
                r6 &= 0xff
                *(u32 *)(r10 - 72) = 0
                r1 = map[0]
                r2 = r10
                r2 += -72
                call 1
                r0 += r6
                """;
        assertThat(codes(read + "r1 = *(u8 *)(r0 - 1)\n" + END)).isNotEmpty();
        assertThat(codes(read.replace("r6 &= 0xff\n", "r6 += -1\nif r6 s< 0 goto +8\n")
                                .replace("goto +10", "goto +11") + "r1 = *(u8 *)(r0 + 0)\n" + END))
                .isEmpty();
    }

    @Test
    void what_is_printed_need_not_be_set() {
        String print = "; xdp\n*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\n";
        assertThat(codes(print + "r2 = 8\ncall 6\n" + END)).isEmpty();
        assertThat(codes(print + "call 6\n" + END)).containsExactly(DiagnosticCode.V0111);
    }

    @Test
    void a_number_that_is_written_lies_where_it_is_aligned() {
        String parse = "; xdp\n*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\nr2 = 8\nr3 = 10\nr4 = r10\n";
        assertThat(codes(parse + "r4 += -16\ncall 105\n" + END)).isEmpty();
        assertThat(codes(parse + "r4 += -12\ncall 105\n" + END)).containsExactly(DiagnosticCode.V0133);
    }

    @Test
    void the_format_is_constant_and_fits_what_is_printed() {
        String print = """
                ; xdp
                ; rodata 8
                *(u64 *)(r10 - 8) = 0
                r1 = r10
                r1 += -8
                r2 = 8
                r3 = map[0][0] + 0
                r4 = r10
                r4 += -8
                """;
        assertThat(codes(print + "r5 = 8\ncall 165\n" + END)).isEmpty();
        assertThat(codes(print + "r5 = 4\ncall 165\n" + END)).containsExactly(DiagnosticCode.V0123);
        assertThat(codes(print + "r5 = 8\nr3 = r4\ncall 165\n" + END)).containsExactly(DiagnosticCode.V0123);
    }

    @Test
    void storage_of_a_cgroup_has_no_flags() {
        String storage = "; cgroup_skb\n; map percpu_cgroup_storage 16 8 0\nr1 = map[0]\n";
        assertThat(codes(storage + "r2 = 0\ncall 81\nr0 = *(u64 *)(r0 + 0)\n" + END))
                .isEmpty();
        assertThat(codes(storage + "r2 = 1\ncall 81\n" + END)).containsExactly(DiagnosticCode.V0123);
    }

    @Test
    void storage_of_a_task_is_that_of_a_task() {
        String storage = "; kprobe\n; map task_storage 4 8 0\ncall 158\nr2 = r0\nr1 = map[0]\nr3 = 0\nr4 = 0\n";
        assertThat(codes(storage + "call 156\nif r0 == 0 goto +1\nr0 = *(u64 *)(r0 + 0)\n" + END))
                .isEmpty();
        assertThat(codes(storage + "r2 = r10\ncall 156\n" + END)).containsExactly(DiagnosticCode.V0123);
        assertThat(codes(storage + "call 156\nr0 = *(u64 *)(r0 + 0)\n" + END)).containsExactly(DiagnosticCode.V0113);
    }

    @Test
    void only_a_function_has_an_address_to_ask_for() {
        assertThat(codes("; kprobe\ncall 173\n" + END)).isEmpty();
        assertThat(codes("; tracepoint\ncall 173\n" + END)).containsExactly(DiagnosticCode.V0124);
    }

    @Test
    void a_socket_is_used_only_if_there_is_one() {
        String fullsock = "; tc\nr1 = *(u64 *)(r1 + 168)\n";
        assertThat(codes(fullsock + "call 95\n" + END)).containsExactly(DiagnosticCode.V0113);
        assertThat(codes(fullsock + "if r1 == 0 goto +1\ncall 95\n" + END)).isEmpty();
    }
}
