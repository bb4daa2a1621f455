package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.log.KernelLog;
import dev.turnout.verifier.report.Path;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The look of the log. That the words of each reason are Linux's is held by the rows of its table. */
class KernelLogTest {
    private static String log(String text) {
        BpfProgram program = DiagnosticPagesTest.program(text);
        // How much is visited is the engines' to change.
        return KernelLog.of(program, Verifier.verify(program, Options.kernel()))
                .replaceAll("processed \\d+", "processed N");
    }

    @Test
    void theWayTheRegistersTheReasonTheFigures() {
        assertThat(log("""
                                ; xdp
                                ; map array 4 32 16
                                *(u32 *)(r10 - 4) = 1
                                r6 = *(u32 *)(r1 + 12)
                                r1 = map[0]
                                r2 = r10
                                r2 += -4
                                call 1
                                if r0 == 0 goto +4
                                if r6 > 60 goto +3
                                r0 += r6
                                r6 = *(u32 *)(r0 + 0)
                                r0 = 2
                                exit
                                """)).isEqualTo("""
                        0: R1=ctx() R10=fp0
                        0: (62) *(u32 *)(r10 -4) = 1            ; fp-4=1
                        1: (61) r6 = *(u32 *)(r1 +12)           ; R6=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))
                        2: (18) r1 = map[m]                     ; R1=map_ptr(map=m,ks=4,vs=32)
                        4: (bf) r2 = r10                        ; R2=fp0
                        5: (07) r2 += -4                        ; R2=fp-4
                        6: (85) call bpf_map_lookup_elem#1      ; R0=map_value_or_null(id=1,map=m,ks=4,vs=32)
                        7: (15) if r0 == 0 goto pc+4            ; R0=map_value(map=m,ks=4,vs=32)
                        8: (25) if r6 > 60 goto pc+3            ; R6=scalar(smin=0,smax=umax=60,var_off=(0x0; 0x3f))
                        9: (0f) r0 += r6                        ; R0=map_value(map=m,ks=4,vs=32,smin=0,smax=umax=60,var_off=(0x0; 0x3f))
                        10: (61) r6 = *(u32 *)(r0 +0)
                        invalid access to map value, value_size=32 off=60 size=4
                        R0 max value is outside of the allowed memory range
                        processed N insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                        """);
    }

    @Test
    void ofAnAcceptedProgramTheFiguresOnly() {
        assertThat(log("; xdp\nr0 = 2\nexit\n"))
                .isEqualTo(
                        "processed N insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n");
    }

    @Test
    void whatNoWayLeadsToIsSaidWithoutOne() {
        assertThat(log("; xdp\nr0 = 2\ngoto +9\nexit\n"))
                .startsWith("jump out of range from insn 1 to 11\nprocessed N insns");
    }

    /** What a function is given that the kernel calls later is no part of the way to it. */
    @Test
    void aWayThatDoesNotBeginWhereTheProgramDoesIsShownWithoutRegisters() {
        BpfProgram program = DiagnosticPagesTest.program("""
                ; xdp
                ; functions 0 5
                r1 = function pc+4
                r0 = 2
                if r1 == 0 goto +0
                exit
                r0 = *(u8 *)(r1 + 0)
                exit
                """);
        Violation violation =
                Violation.of(DiagnosticCode.V0112, 5, "message").about(Reg.R1).along(new Path(5, List.of()));
        assertThat(KernelLog.of(program, new Verdict.Rejected(List.of(violation), 9)))
                .startsWith("5: (71) r0 = *(u8 *)(r1 +0)\nR1 invalid mem access 'scalar'\nprocessed 9 insns");
    }
}
