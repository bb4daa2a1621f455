package dev.turnout.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelExecutionTest {
    private final Diagnostics diagnostics = new Diagnostics();

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    /** @param starts of the functions behind the main one, in slots */
    private static BpfProgram program(int bytes, String text, int... starts) {
        Diagnostics wrong = new Diagnostics();
        Code code = InsnParser.parse(new SourceFile("code", text), wrong)
                .orElseThrow(() -> new AssertionError(wrong.all().toString()));
        List<FunctionRange> functions = new ArrayList<>();
        int start = 0;
        for (int next : starts) {
            functions.add(new FunctionRange("f" + start, start, next, false));
            start = next;
        }
        functions.add(new FunctionRange("f" + start, start, code.size(), false));
        return new BpfProgram(
                "raw", "", new Entry.Memory(bytes), "", code, functions, List.of(), List.of(), List.of(), List.of());
    }

    private KernelExecution.Ran run(BpfProgram program, int repeat, byte... memory) {
        try (KernelExecution execution = KernelExecution.load(program, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()))) {
            return execution.run(ByteString.copyOf(memory), repeat, diagnostics).orElseThrow();
        }
    }

    @Test
    void all_bits_of_r0_come_back() {
        assertThat(run(program(0, """
                        r0 = 0x1122334455667788 ll
                        exit"""), 1).result()).isEqualTo(0x1122334455667788L);
    }

    @Test
    void without_memory_r1_and_r2_are_zero() {
        assertThat(run(program(0, """
                        r0 = r1
                        r0 |= r2
                        exit"""), 1).result()).isZero();
    }

    @Test
    void memory_is_read_and_written_at_any_place_and_comes_back() {
        KernelExecution.Ran ran = run(
                program(9, """
                        r3 = *(u64 *)(r1 + 1)
                        *(u64 *)(r1 + 1) = r2
                        r1 += r2
                        r0 = *(u8 *)(r1 - 9)
                        r0 += r3
                        exit"""),
                1,
                (byte) 7,
                (byte) 1,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0);
        assertThat(ran.result()).isEqualTo(8);
        assertThat(ran.memory()).hasToString("070900000000000000");
    }

    @Test
    void repetitions_see_what_the_last_one_left() {
        KernelExecution.Ran ran = run(program(8, """
                        r0 = 1
                        lock *(u64 *)(r1 + 0) += r0
                        r0 = *(u64 *)(r1 + 0)
                        exit"""), 1000, new byte[8]);
        assertThat(ran.result()).isEqualTo(1000);
    }

    @Test
    void every_exit_of_the_main_function_ends_the_run_and_calls_reach_their_functions() {
        String text = """
                if r2 == 0 goto zero
                call first
                exit
                zero: r0 = 5
                exit
                first: *(u64 *)(r10 - 480) = 3
                call second
                r1 = *(u64 *)(r10 - 480)
                r0 += r1
                exit
                second: r0 = 40
                exit""";
        assertThat(run(program(1, text, 5, 10), 1, (byte) 0).result()).isEqualTo(43);
        assertThat(run(program(0, text, 5, 10), 1).result()).isEqualTo(5);
    }

    @Test
    void the_whole_stack_is_the_codes_own() {
        assertThat(run(program(0, """
                        *(u64 *)(r10 - 512) = 9
                        r0 = *(u64 *)(r10 - 512)
                        exit"""), 1).result()).isEqualTo(9);
    }

    @Test
    void what_the_kernel_does_not_load_is_reported_with_its_words() {
        Optional<KernelExecution> refused = KernelExecution.load(program(0, """
                r0 = 1
                r0 <<= 64
                exit"""), diagnostics);
        assertThat(refused).isEmpty();
        assertThat(diagnostics.all().getFirst().code()).isEqualTo(DiagnosticCode.R0122);
        assertThat(diagnostics.all().getFirst().notes().toString()).contains("invalid shift 64");
    }
}
