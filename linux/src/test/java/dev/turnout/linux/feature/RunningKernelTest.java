package dev.turnout.linux.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningKernelTest {
    private static RunningKernel of(String release) {
        return new RunningKernel(release, KernelBtf.NONE);
    }

    private static BpfProgram program(Insn... insns) {
        Code code = Code.of(List.of(insns));
        return new BpfProgram(
                "main",
                "xdp",
                new BpfProgram.Entry.Context(ProgramType.XDP),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange("main", 0, code.size(), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void releases_are_compared_as_numbers() {
        assertThat(of("5.10.0-28-amd64").olderThan(5, 11)).isTrue();
        assertThat(of("6.1.0-50-cloud-amd64").olderThan(5, 11)).isFalse();
        assertThat(of("6.9.1").olderThan(6, 12)).isTrue();
        assertThat(of("7.2-rc1").olderThan(6, 19)).isFalse();
        assertThat(of("unknown").olderThan(6, 19)).isFalse();
        assertThat(of("6.1.0-50-cloud-amd64").words()).isEqualTo("Linux 6.1.0");
    }

    @Test
    void a_kernel_without_types_is_taken_to_have_everything() {
        assertThat(of("5.4").has(MapKind.ARENA)).isTrue();
        assertThat(of("5.4").hasTypes()).isFalse();
    }

    @Test
    void instructions_say_what_they_need() {
        assertThat(KernelFeature.of(
                        program(new Insn.Alu(AluOp.MOVSX8, Width.W32, Reg.R0, Operand.of(Reg.R0)), new Insn.Exit())))
                .containsExactly(KernelFeature.CPU_V4);
        assertThat(KernelFeature.of(program(
                        new Insn.MayGoto(0),
                        new Insn.JumpIndirect(Reg.R1),
                        new Insn.Atomic(AtomicOp.STORE_RELEASE, Size.DW, Reg.R10, -8, Reg.R0),
                        new Insn.CallHelper(HelperFunction.LOOP.id()),
                        new Insn.Exit())))
                .containsExactly(
                        KernelFeature.BPF_LOOP,
                        KernelFeature.MAY_GOTO,
                        KernelFeature.ACQUIRE_RELEASE,
                        KernelFeature.JUMP_TABLES);
        assertThat(KernelFeature.of(
                        program(new Insn.Alu(AluOp.DIV, Width.W64, Reg.R0, Operand.of(Reg.R1)), new Insn.Exit())))
                .isEmpty();
    }

    @Test
    void the_kernel_here_has_what_its_release_promises() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
        RunningKernel here = RunningKernel.here();
        assumeTrue(here.hasTypes(), "the kernel shows no types");
        assertThat(here.has(HelperFunction.MAP_LOOKUP_ELEM)).isTrue();
        assertThat(here.has(MapKind.HASH)).isTrue();
        assertThat(here.has(ProgramType.XDP)).isTrue();
        for (KernelFeature feature : KernelFeature.values()) {
            String[] since = feature.since().split("\\.", 2);
            if (!here.olderThan(Integer.parseInt(since[0]), Integer.parseInt(since[1]))) {
                assertThat(feature.here()).as(feature.words()).isTrue();
            }
        }
        TargetProfile target = RunningKernel.target().orElseThrow();
        assertThat(KernelFeature.of(target)).allMatch(KernelFeature::here);
        assertThat(target).isNotEqualTo(TargetProfile.VM);
    }
}
