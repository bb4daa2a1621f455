package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Linux says of a program that root loads: more than may run here, and less than could be proven. */
class PredictionTest {
    private static List<DiagnosticCode> codes(String text, Options options) {
        return switch (Verifier.verify(DiagnosticPagesTest.program(text), options)) {
            case Verdict.Rejected rejected ->
                rejected.violations().stream().map(Violation::code).toList();
            case Verdict.Verified _ -> List.of();
        };
    }

    private static List<DiagnosticCode> linux(String text) {
        return codes(text, Options.kernel());
    }

    private static List<DiagnosticCode> here(String text) {
        return codes(text, Options.linux());
    }

    /** A map's value in r0, 64 bytes. */
    private static final String VALUE = """
            ; xdp
            ; map array 4 64 1
            *(u32 *)(r10 - 4) = 0
            r2 = r10
            r2 += -4
            r1 = map[0]
            call 1
            if r0 != 0 goto +1
            exit
            """;

    @Test
    void root_may_read_what_nothing_wrote() {
        String text = "; xdp\nr0 = *(u64 *)(r10 - 8)\nexit\n";
        assertThat(linux(text)).isEmpty();
        assertThat(here(text)).containsExactly(DiagnosticCode.V0116);
    }

    @Test
    void root_may_keep_addresses_as_numbers() {
        String text = VALUE + """
                *(u64 *)(r0 + 0) = r10
                r1 = r0
                r1 -= r10
                w2 = w0
                r3 = r10
                r3 = -r3
                r0 = 0
                exit
                """;
        assertThat(linux(text)).isEmpty();
        assertThat(here(text)).containsExactly(DiagnosticCode.V0122);
    }

    @Test
    void a_stored_address_is_read_back_whole() {
        String text = "; xdp\n*(u64 *)(r10 - 8) = r10\nr0 = *(SIZE *)(r10 - 8)\nr0 = 0\nexit\n";
        assertThat(linux(text.replace("SIZE", "u64"))).isEmpty();
        assertThat(linux(text.replace("SIZE", "u32"))).containsExactly(DiagnosticCode.V0122);
    }

    @Test
    void a_stored_address_ends_when_part_of_its_slot_is_written() {
        String text = """
                ; xdp
                *(u64 *)(r10 - 8) = r10
                *(u8 *)(r10 - AT) = 1
                r1 = *(u64 *)(r10 - 8)
                r0 = *(u8 *)(r1 - 16)
                r0 = 0
                exit
                """;
        assertThat(linux(text.replace("AT", "9"))).isEmpty();
        assertThat(linux(text.replace("AT", "3"))).containsExactly(DiagnosticCode.V0112);
    }

    /** Linux keeps one register a slot, from its first byte on. */
    @Test
    void a_number_is_remembered_at_the_start_of_a_slot() {
        String text = VALUE + """
                *(u32 *)(r10 - AT) = 63
                r1 = *(u32 *)(r10 - AT)
                r0 += r1
                r0 = *(u8 *)(r0 + 0)
                exit
                """;
        assertThat(linux(text.replace("AT", "16"))).isEmpty();
        assertThat(linux(text.replace("AT", "12"))).containsExactly(DiagnosticCode.V0114);
        assertThat(here(text.replace("AT", "12"))).isEmpty();
    }

    @Test
    void zero_is_remembered_everywhere() {
        String text = VALUE + """
                *(u32 *)(r10 - 12) = 0
                *(u16 *)(r10 - 10) = NEXT
                r1 = *(u32 *)(r10 - 12)
                r0 += r1
                r0 = *(u8 *)(r0 + 0)
                exit
                """;
        assertThat(linux(text.replace("NEXT", "0"))).isEmpty();
        assertThat(linux(text.replace("NEXT", "1"))).containsExactly(DiagnosticCode.V0114);
    }

    @Test
    void a_store_at_an_unknown_offset_may_hit_each_slot() {
        String text = VALUE + """
                *(u64 *)(r10 - 24) = 5
                *(u64 *)(r10 - 16) = ZERO
                r2 = *(u8 *)(r0 + 0)
                r2 &= 7
                r2 += r10
                *(u8 *)(r2 - 16) = 0
                r1 = *(u64 *)(r10 - AT)
                r0 += r1
                r0 = *(u8 *)(r0 + 0)
                exit
                """;
        assertThat(linux(text.replace("AT", "24").replace("ZERO", "5"))).isEmpty();
        assertThat(linux(text.replace("AT", "16").replace("ZERO", "0"))).isEmpty();
        assertThat(linux(text.replace("AT", "16").replace("ZERO", "5"))).containsExactly(DiagnosticCode.V0120);
    }

    @Test
    void shifts_and_divisions_by_unknown_numbers_tell_nothing() {
        String text = VALUE + """
                r1 = *(u8 *)(r0 + 0)
                r2 = *(u8 *)(r0 + 1)
                r2 &= 3
                r2 += 1
                OPERATION
                r1 &= 255
                r0 += r1
                r0 = *(u8 *)(r0 + 0)
                exit
                """;
        for (String operation : List.of("r1 >>= r2", "r1 /= r2", "r1 %= r2")) {
            String known = text.replace("OPERATION", operation).replace("r2 += 1", "r2 = 4");
            assertThat(linux(known.replace("r1 &= 255", "r1 &= 63")))
                    .as(operation)
                    .isEmpty();
        }
        String unknown = text.replace("OPERATION", "r1 &= 60\nr1 >>= r2").replace("r1 &= 255\n", "");
        assertThat(here(unknown)).isEmpty();
        assertThat(linux(unknown)).isNotEmpty();
    }

    @Test
    void numbers_are_added_to_stack_addresses_and_not_subtracted() {
        String text = "; xdp\nr1 = r10\nMOVE\nr0 = 0\nexit\n";
        assertThat(linux(text.replace("MOVE", "r1 += -8"))).isEmpty();
        assertThat(linux(text.replace("MOVE", "r1 -= 8"))).containsExactly(DiagnosticCode.V0120);
    }

    @Test
    void a_packet_that_is_not_empty_has_no_byte_proven() {
        String text = """
                ; xdp
                r2 = *(u32 *)(r1 + 0)
                r3 = *(u32 *)(r1 + 4)
                r4 = r2
                r4 += MORE
                if r4 >= r3 goto +1
                r0 = *(u8 *)(r2 + 0)
                r0 = 0
                exit
                """;
        assertThat(linux(text.replace("MORE", "1"))).isEmpty();
        assertThat(linux(text.replace("MORE", "0"))).containsExactly(DiagnosticCode.V0117);
    }

    @Test
    void what_is_proven_behind_a_packet_pointer_is_proven_behind_an_earlier_one() {
        String text = """
                ; xdp
                r2 = *(u32 *)(r1 + 0)
                r3 = *(u32 *)(r1 + 4)
                r5 = *(u8 *)(r10 - 8)
                r4 = r2
                r4 += 512
                if r4 > r3 goto +3
                r4 MOVE= r5
                r4 += -257
                r0 = *(u8 *)(r4 + 0)
                r0 = 0
                exit
                """;
        assertThat(linux(text.replace("MOVE", "-"))).isEmpty();
        assertThat(linux(text.replace("MOVE", "+"))).containsExactly(DiagnosticCode.V0117);
    }

    @Test
    void a_pointer_that_is_behind_the_packet_is_so_when_it_is_asked_again() {
        String text = """
                ; xdp
                r2 = *(u32 *)(r1 + 0)
                r3 = *(u32 *)(r1 + 4)
                r4 = r2
                r4 += 8
                if r4 FIRST r3 goto +1
                goto +3
                if r4 AGAIN r3 goto +2
                r0 = *(u8 *)(r2 + 0)
                goto +0
                r0 = 0
                exit
                """;
        assertThat(linux(text.replace("FIRST", ">").replace("AGAIN", ">"))).isEmpty();
        assertThat(linux(text.replace("FIRST", ">").replace("AGAIN", ">="))).isEmpty();
        assertThat(linux(text.replace("FIRST", ">=").replace("AGAIN", ">="))).isEmpty();
        assertThat(linux(text.replace("FIRST", ">=").replace("AGAIN", ">").replace("+ 0)\ngoto", "+ 8)\ngoto")))
                .containsExactly(DiagnosticCode.V0117);
    }

    /** Without the fork the mask would leave 0 to 9, of which 4 is one. */
    @Test
    void a_mask_made_of_a_sign_is_all_or_nothing() {
        String text = VALUE + """
                r1 = *(u64 *)(r0 + 0)
                SIGN
                r1 &= 9
                if r1 == 0 goto +2
                if r1 == RIGHT goto +1
                r0 = *(u8 *)(r0 + 64)
                r0 = 0
                exit
                """;
        for (String sign : List.of("r1 s>>= 63", "w1 s>>= 31")) {
            assertThat(linux(text.replace("SIGN", sign).replace("RIGHT", "9")))
                    .as(sign)
                    .isEmpty();
            assertThat(linux(text.replace("SIGN", sign).replace("RIGHT", "8"))).containsExactly(DiagnosticCode.V0114);
        }
    }

    @Test
    void a_register_compared_with_itself_decides_the_branch() {
        String text = VALUE + """
                r1 = *(u64 *)(r0 + 0)
                if r1 OP r1 goto +1
                r0 = *(u8 *)(r0 + 64)
                r0 = 0
                exit
                """;
        for (String always : List.of("==", ">=", "<=", "s>=", "s<=")) {
            assertThat(linux(text.replace("OP", always))).as(always).isEmpty();
        }
        for (String sometimes : List.of("!=", ">", "<", "s>", "s<", "&")) {
            assertThat(linux(text.replace("OP", sometimes))).as(sometimes).containsExactly(DiagnosticCode.V0114);
        }
    }

    @Test
    void what_equals_something_that_is_there_is_there() {
        String text = VALUE.replace("array", "hash") + """
                r6 = r0
                r2 = r10
                r2 += -4
                r1 = map[0]
                call 1
                if r0 OP r6 goto +1
                r0 = *(u8 *)(r0 + 0)
                r0 = 0
                exit
                """;
        assertThat(linux(text.replace("OP", "!="))).isEmpty();
        assertThat(linux(text.replace("OP", "=="))).containsExactly(DiagnosticCode.V0113);
    }

    @Test
    void an_exchange_gives_what_the_stack_held() {
        String text = VALUE + """
                *(u64 *)(r10 - 16) = START
                r1 = 1
                r1 = atomic_fetch_add((u64 *)(r10 - 16), r1)
                r0 += r1
                r0 = *(u8 *)(r0 + 0)
                exit
                """;
        assertThat(linux(text.replace("START", "63"))).isEmpty();
        assertThat(linux(text.replace("START", "64"))).containsExactly(DiagnosticCode.V0114);
    }
}
