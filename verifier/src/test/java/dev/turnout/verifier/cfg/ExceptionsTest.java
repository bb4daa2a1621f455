package dev.turnout.verifier.cfg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionsTest {
    private static final List<String> NAMES = List.of("bpf_throw", "bpf_rcu_read_lock", "bpf_rcu_read_unlock");
    private static final Insn EXIT = new Insn.Exit();
    private static final int LOOP = 181;

    private static Insn call(String name) {
        return new Insn.CallKernel(NAMES.indexOf(name), 0);
    }

    private static Insn set(Reg to, int value) {
        return new Insn.Alu(AluOp.MOV, Width.W64, to, new Operand.Immediate(value));
    }

    private static Verdict verify(ProgramType type, String section, int second, Insn... insns) {
        Code code = Code.of(List.of(insns));
        List<FunctionRange> functions = new ArrayList<>();
        int end = second == 0 ? code.size() : second;
        functions.add(new FunctionRange("main", 0, end, true));
        if (second != 0) {
            functions.add(new FunctionRange("part", second, code.size(), false));
        }
        List<KernelSymbol> symbols = new ArrayList<>();
        NAMES.forEach(name -> symbols.add(new KernelSymbol(name, KernelSymbol.Kind.FUNCTION, false, 0)));
        BpfProgram program = new BpfProgram(
                "main",
                section,
                new BpfProgram.Entry.Context(type),
                "GPL",
                code,
                functions,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Surroundings(Btf.EMPTY, symbols, ""));
        return Verifier.verify(program, Options.kernel());
    }

    private static Verdict tc(int second, Insn... insns) {
        return verify(ProgramType.SCHED_CLS, "tc", second, insns);
    }

    private static DiagnosticCode code(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Rejected rejected -> rejected.violations().getFirst().code();
            case Verdict.Verified _ -> throw new AssertionError("accepted");
        };
    }

    @Test
    void nothingComesAfterAnException() {
        // What follows would read r0, which a call leaves without anything to read.
        assertThat(tc(
                        0,
                        set(Reg.R1, 64),
                        call("bpf_throw"),
                        new Insn.Store(Size.DW, Reg.R10, -8, new Operand.Register(Reg.R0)),
                        EXIT))
                .isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void whatATestRulesOutIsKnownBehindIt() {
        Insn small = new Insn.JumpIf(JumpOp.JLT, Width.W64, Reg.R2, new Operand.Immediate(4), 2);
        Insn address = new Insn.Alu(AluOp.MOV, Width.W64, Reg.R3, new Operand.Register(Reg.R10));
        Insn moved = new Insn.Alu(AluOp.ADD, Width.W64, Reg.R3, new Operand.Register(Reg.R2));
        assertThat(tc(
                        0,
                        new Insn.Store(Size.DW, Reg.R10, -8, new Operand.Immediate(0)),
                        new Insn.Load(Size.W, false, Reg.R2, Reg.R1, 0),
                        small,
                        set(Reg.R1, 0),
                        call("bpf_throw"),
                        address,
                        moved,
                        new Insn.Load(Size.B, false, Reg.R0, Reg.R3, -8),
                        EXIT))
                .isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void regionsAreClosedBefore() {
        assertThat(code(tc(0, call("bpf_rcu_read_lock"), set(Reg.R1, 64), call("bpf_throw"), EXIT)))
                .isEqualTo(DiagnosticCode.V0144);
    }

    @Test
    void regionsOfCallersToo() {
        assertThat(code(tc(
                        4,
                        call("bpf_rcu_read_lock"),
                        new Insn.CallLocal(2),
                        call("bpf_rcu_read_unlock"),
                        EXIT,
                        set(Reg.R1, 64),
                        call("bpf_throw"),
                        EXIT)))
                .isEqualTo(DiagnosticCode.V0144);
    }

    @Test
    void whatIsThrownIsAResult() {
        Insn[] throwing = {set(Reg.R1, 64), call("bpf_throw"), EXIT};
        assertThat(tc(0, throwing)).isInstanceOf(Verdict.Verified.class);
        assertThat(code(verify(ProgramType.CGROUP_SKB, "cgroup_skb/egress", 0, throwing)))
                .isEqualTo(DiagnosticCode.V0127);
    }

    @Test
    void whoIsCalledBackDoesNotThrow() {
        assertThat(code(tc(
                        8,
                        set(Reg.R1, 4),
                        new Insn.Wide(Reg.R2, WideKind.FUNCTION, 6, 0),
                        set(Reg.R3, 0),
                        set(Reg.R4, 0),
                        new Insn.CallHelper(LOOP),
                        set(Reg.R0, 0),
                        EXIT,
                        set(Reg.R1, 64),
                        call("bpf_throw"),
                        EXIT)))
                .isEqualTo(DiagnosticCode.V0151);
    }
}
