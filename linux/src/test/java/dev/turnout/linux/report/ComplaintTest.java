package dev.turnout.linux.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintTest {
    private static final BpfProgram PROGRAM = new BpfProgram(
            "main",
            "xdp",
            new BpfProgram.Entry.Context(ProgramType.XDP),
            "GPL",
            Code.of(List.of(
                    new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(0)), new Insn.MayGoto(0), new Insn.Exit())),
            List.of(new BpfProgram.FunctionRange("main", 0, 3, true)),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    private static Complaint of(String log) {
        return Complaint.of(PROGRAM, log);
    }

    @Test
    void a_complaint_is_about_the_last_instruction_that_was_looked_at() {
        Complaint complaint = of("""
                func#0 @0
                0: R1=ctx() R10=fp0
                ; return *nowhere; @ bad.turn:3
                0: (b7) r1 = 7                        ; R1=7
                1: (79) r0 = *(u64 *)(r1 +0)
                R1 invalid mem access 'scalar'
                verification time 31 usec
                stack depth 0
                processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                """);
        assertThat(complaint.message()).isEqualTo("R1 invalid mem access 'scalar'");
        assertThat(complaint.slot()).hasValue(1);
        assertThat(complaint.steps()).hasValue(2);
        assertThat(complaint.last()).hasSize(5).doesNotContain("; return *nowhere; @ bad.turn:3");
        assertThat(complaint.effort()).isFalse();
    }

    @Test
    void a_complaint_about_the_shape_of_the_code_names_its_instruction() {
        assertThat(of("jump out of range from insn 2 to 9\n").slot()).hasValue(2);
        assertThat(of("unreachable insn 1\n").slot()).hasValue(1);
    }

    @Test
    void an_opcode_that_the_kernel_does_not_know_is_found_in_the_code() {
        Complaint complaint = of("unknown opcode e5\nprocessed 0 insns (limit 1000000)\n");
        assertThat(complaint.slot()).hasValue(1);
        assertThat(complaint.steps()).hasValue(0);
    }

    @Test
    void a_kernel_that_gives_up_has_found_nothing_wrong() {
        assertThat(of("BPF program is too large. Processed 1000001 insn\n").effort())
                .isTrue();
        assertThat(of("The sequence of 8193 jumps is too complex.\n").effort()).isTrue();
    }

    @Test
    void a_log_that_was_cut_short_has_no_message_but_its_last_instruction() {
        Complaint complaint = of("0: (b7) r0 = 0\n1: R0=0 R10=fp0\n");
        assertThat(complaint.message()).isEmpty();
        assertThat(complaint.slot()).hasValue(0);
    }

    @Test
    void an_empty_log_says_nothing() {
        Complaint complaint = of("");
        assertThat(complaint.message()).isEmpty();
        assertThat(complaint.slot()).isEmpty();
        assertThat(complaint.steps()).isEmpty();
        assertThat(complaint.last()).isEmpty();
    }
}
