package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is taken is given back, once and on every way; locks, regions, and objects on the stack follow their order. */
class ProtocolTest {
    private static List<DiagnosticCode> codes(String text) {
        return switch (Verifier.verify(DiagnosticPagesTest.program(text), Options.linux())) {
            case Verdict.Verified _ -> List.of();
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
        };
    }

    // Resources

    private static String lookup(String rest) {
        return """
                ; tc
                *(u64 *)(r10 - 16) = 0
                *(u64 *)(r10 - 8) = 0
                r2 = r10
                r2 += -16
                r3 = 12
                r4 = 0
                r5 = 0
                call 84
                """ + rest;
    }

    @Test
    void what_was_null_was_not_taken() {
        assertThat(codes(lookup("""
                if r0 == 0 goto +2
                r1 = r0
                call 86
                r0 = 0
                exit
                """))).isEmpty();
    }

    @Test
    void what_is_taken_is_given_back_on_every_way() {
        assertThat(codes(lookup("""
                if r0 == 0 goto +4
                r1 = *(u32 *)(r0 + 4)
                if r1 == 2 goto +2
                r1 = r0
                call 86
                r0 = 0
                exit
                """))).containsExactly(DiagnosticCode.V0141);
    }

    @Test
    void that_a_cast_gives_null_gives_nothing_back() {
        assertThat(codes(lookup("""
                if r0 == 0 goto +6
                r6 = r0
                r1 = r0
                call 96
                if r0 == 0 goto +2
                r1 = r6
                call 86
                r0 = 0
                exit
                """))).containsExactly(DiagnosticCode.V0141);
    }

    @Test
    void a_cast_ends_with_what_it_was_made_of() {
        // Either may be given back for both; after that neither is a socket any more.
        assertThat(codes(lookup("""
                if r0 == 0 goto +9
                r6 = r0
                r1 = r0
                call 96
                r7 = r0
                r1 = r6
                if r7 == 0 goto +1
                r1 = r7
                call 86
                r0 = 0
                r0 = 0
                exit
                """))).isEmpty();
        assertThat(codes(lookup("""
                if r0 == 0 goto +10
                r6 = r0
                r1 = r0
                call 96
                r7 = r0
                r1 = r6
                if r7 == 0 goto +3
                call 86
                r0 = *(u32 *)(r7 + 0)
                goto +1
                call 86
                r0 = 0
                exit
                """))).containsExactly(DiagnosticCode.V0112);
    }

    @Test
    void every_copy_ends_when_it_is_given_back() {
        assertThat(codes("""
                ; xdp
                ; map ringbuf 0 0 4096
                r1 = map[0]
                r2 = 8
                r3 = 0
                call 131
                if r0 == 0 goto +6
                *(u64 *)(r10 - 8) = r0
                r1 = r0
                r2 = 0
                call 132
                r1 = *(u64 *)(r10 - 8)
                *(u8 *)(r1 + 0) = 1
                r0 = 2
                exit
                """)).containsExactly(DiagnosticCode.V0112);
    }

    @Test
    void a_tail_call_leaves_nothing_behind() {
        assertThat(codes("""
                ; xdp
                ; map ringbuf 0 0 4096
                ; map prog_array 4 4 2
                r6 = r1
                r1 = map[0]
                r2 = 8
                r3 = 0
                call 131
                if r0 == 0 goto +7
                r7 = r0
                r1 = r6
                r2 = map[1]
                r3 = 0
                call 12
                r1 = r7
                r2 = 0
                call 132
                r0 = 2
                exit
                """)).containsExactly(DiagnosticCode.V0141);
    }

    // Locks

    private static String locked(String between) {
        return """
                ; xdp
                ; map hash 4 16 8 spin_lock@0
                *(u32 *)(r10 - 4) = 1
                r1 = map[0]
                r2 = r10
                r2 += -4
                call 1
                if r0 != 0 goto +2
                r0 = 2
                exit
                r6 = r0
                r1 = map[0]
                r2 = r10
                r2 += -4
                call 1
                if r0 != 0 goto +2
                r0 = 2
                exit
                r7 = r0
                r1 = r6
                call 93
                """ + between + """
                call 94
                r0 = 2
                exit
                """;
    }

    @Test
    void a_lock_is_given_back_through_the_pointer_that_it_was_taken_through() {
        assertThat(codes(locked("r1 = r6\n"))).isEmpty();
        // Another look-up of the same key may find another value: the first may have been deleted meanwhile.
        assertThat(codes(locked("r1 = r7\n"))).containsExactly(DiagnosticCode.V0143);
    }

    @Test
    void nothing_is_called_while_a_lock_is_held() {
        assertThat(codes(locked("call 5\nr1 = r6\n"))).containsExactly(DiagnosticCode.V0144);
    }

    @Test
    void a_second_lock_is_not_taken() {
        assertThat(codes(locked("r1 = r7\ncall 93\nr1 = r6\n"))).containsExactly(DiagnosticCode.V0144);
    }

    // Iterators

    private static String iterated(String body) {
        return """
                ; xdp
                ; kernel bpf_iter_num_new bpf_iter_num_next bpf_iter_num_destroy
                r1 = r10
                r1 += -8
                r2 = 0
                r3 = 10
                call kernel[0]
                r6 = 0
                """ + body + """
                r1 = r10
                r1 += -8
                call kernel[2]
                r0 = 2
                exit
                """;
    }

    @Test
    void a_loop_ends_that_goes_round_while_its_iterator_gives_something() {
        assertThat(codes(iterated("""
                r1 = r10
                r1 += -8
                call kernel[1]
                if r0 == 0 goto +3
                r1 = *(u32 *)(r0 + 0)
                r6 += r1
                goto -7
                """))).isEmpty();
    }

    @Test
    void a_loop_does_not_end_that_goes_round_whatever_its_iterator_gives() {
        assertThat(codes(iterated("""
                r1 = r10
                r1 += -8
                call kernel[1]
                if r6 == 1 goto +1
                goto -5
                """))).containsExactly(DiagnosticCode.V0110);
    }

    @Test
    void what_an_iterator_gives_is_only_read() {
        assertThat(codes(iterated("""
                r1 = r10
                r1 += -8
                call kernel[1]
                if r0 == 0 goto +1
                *(u32 *)(r0 + 0) = 1
                """))).containsExactly(DiagnosticCode.V0119);
    }

    @Test
    void the_bytes_of_an_iterator_are_not_the_programs() {
        assertThat(codes(iterated("r1 = *(u64 *)(r10 - 8)\n"))).containsExactly(DiagnosticCode.V0147);
        assertThat(codes(iterated("*(u64 *)(r10 - 8) = 0\n"))).containsExactly(DiagnosticCode.V0147);
    }

    // Dynptrs

    private static String packet(String rest) {
        return """
                ; xdp
                ; kernel bpf_dynptr_from_xdp bpf_dynptr_slice bpf_dynptr_clone
                r6 = r1
                *(u64 *)(r10 - 40) = 0
                r2 = 0
                r3 = r10
                r3 += -16
                call kernel[0]
                r1 = r10
                r1 += -16
                r2 = 0
                r3 = r10
                r3 += -40
                r4 = 8
                call kernel[1]
                if r0 != 0 goto +2
                r0 = 2
                exit
                r7 = r0
                """ + rest + """
                r0 = *(u64 *)(r7 + 0)
                r0 = 2
                exit
                """;
    }

    @Test
    void a_slice_lives_as_long_as_its_dynptr() {
        assertThat(codes(packet(""))).isEmpty();
        assertThat(codes(packet("*(u8 *)(r10 - 9) = 0\n"))).containsExactly(DiagnosticCode.V0112);
    }

    @Test
    void a_slice_of_the_packet_is_gone_when_that_moves() {
        assertThat(codes(packet("r1 = r6\nr2 = -8\ncall 44\n"))).containsExactly(DiagnosticCode.V0112);
    }

    @Test
    void a_dynptr_of_reserved_memory_is_not_lost() {
        String reserved = """
                ; xdp
                ; map ringbuf 0 0 4096
                r1 = map[0]
                r2 = 8
                r3 = 0
                r4 = r10
                r4 += -16
                call 198
                %s
                r1 = r10
                r1 += -16
                r2 = 0
                call 199
                r0 = 2
                exit
                """;
        assertThat(codes(reserved.formatted("r0 = 0"))).isEmpty();
        assertThat(codes(reserved.formatted("*(u64 *)(r10 - 8) = 0"))).containsExactly(DiagnosticCode.V0146);
    }

    // What the kernel calls later

    private static String timed(String callback) {
        return """
                ; tc
                ; map hash 4 24 8 timer@0
                ; functions 0 13
                *(u32 *)(r10 - 4) = 1
                r1 = map[0]
                r2 = r10
                r2 += -4
                call 1
                if r0 == 0 goto +4
                r1 = r0
                r2 = function pc + 4
                call 170
                r0 = 0
                exit
                """ + callback;
    }

    @Test
    void a_timers_function_is_verified_with_the_map_its_key_and_its_value() {
        assertThat(codes(timed("r0 = *(u32 *)(r2 + 0)\n*(u64 *)(r3 + 16) = r0\nr0 = 0\nexit\n")))
                .isEmpty();
        assertThat(codes(timed("*(u32 *)(r2 + 0) = 1\nr0 = 0\nexit\n"))).containsExactly(DiagnosticCode.V0119);
        assertThat(codes(timed("*(u64 *)(r3 + 0) = 1\nr0 = 0\nexit\n"))).containsExactly(DiagnosticCode.V0149);
    }

    @Test
    void a_timers_function_returns_0() {
        assertThat(codes(timed("r0 = 1\nexit\n"))).containsExactly(DiagnosticCode.V0127);
    }
}
