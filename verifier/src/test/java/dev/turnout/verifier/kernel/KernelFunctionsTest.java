package dev.turnout.verifier.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfExt;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.BtfWriter;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Functions on objects of a kernel of a few types: {@code struct task_struct { int pid; struct task_struct __rcu *real_parent; }}, found by
 * number, acquired and given back, and a tracepoint that gives one.
 */
class KernelFunctionsTest {
    private static final int INT = 1;
    private static final int TASK = 2;
    private static final int TO_TASK = 3;
    private static final List<String> NAMES = List.of(
            "bpf_task_from_pid",
            "bpf_task_acquire",
            "bpf_task_release",
            "bpf_rcu_read_lock",
            "bpf_rcu_read_unlock",
            "bpf_cgroup_from_id");

    private static final Insn EXIT = new Insn.Exit();

    private static KernelBtf kernel() {
        List<BtfType> all = List.of(
                new BtfType.Int("int", 4, 1, 0, 32),
                new BtfType.Composite(
                        "task_struct",
                        false,
                        16,
                        List.of(new BtfType.Member("pid", INT, 0, 0), new BtfType.Member("real_parent", 5, 64, 0))),
                new BtfType.Pointer(TASK),
                new BtfType.Modifier(BtfType.Modifier.Kind.TYPE_TAG, "rcu", TASK),
                new BtfType.Pointer(4),
                new BtfType.Prototype(TO_TASK, List.of(new BtfType.Parameter("pid", INT))),
                new BtfType.Function("bpf_task_from_pid", 6, BtfType.Linkage.STATIC),
                new BtfType.Prototype(TO_TASK, List.of(new BtfType.Parameter("task", TO_TASK))),
                new BtfType.Function("bpf_task_acquire", 8, BtfType.Linkage.STATIC),
                new BtfType.Prototype(0, List.of(new BtfType.Parameter("task", TO_TASK))),
                new BtfType.Function("bpf_task_release", 10, BtfType.Linkage.STATIC),
                new BtfType.Prototype(
                        INT, List.of(new BtfType.Parameter("data", 0), new BtfType.Parameter("task", TO_TASK))),
                new BtfType.Pointer(12),
                new BtfType.Typedef("btf_trace_seen", 13));
        Diagnostics diagnostics = new Diagnostics();
        BtfWriter.Sections written = BtfWriter.write(new Btf(all), new BtfExt(Map.of(), Map.of(), Map.of()));
        return KernelBtf.open(written.btf(), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    private static Insn call(String name) {
        return new Insn.CallKernel(NAMES.indexOf(name), 0);
    }

    private static Insn move(Reg to, Reg from) {
        return new Insn.Alu(AluOp.MOV, Width.W64, to, new Operand.Register(from));
    }

    private static Insn set(Reg to, int value) {
        return new Insn.Alu(AluOp.MOV, Width.W64, to, new Operand.Immediate(value));
    }

    private static Insn load(Reg to, Reg from, int offset) {
        return new Insn.Load(Size.DW, false, to, from, offset);
    }

    /** Goes over the next {@code by} slots if the register is 0. */
    private static Insn ifNull(Reg reg, int by) {
        return new Insn.JumpIf(JumpOp.JEQ, Width.W64, reg, new Operand.Immediate(0), by);
    }

    private static Verdict verify(KernelBtf kernel, String section, Insn... insns) {
        Code code = Code.of(List.of(insns));
        List<KernelSymbol> symbols = new ArrayList<>();
        NAMES.forEach(name -> symbols.add(new KernelSymbol(name, KernelSymbol.Kind.FUNCTION, false, 0)));
        BpfProgram program = new BpfProgram(
                "p",
                section,
                new BpfProgram.Entry.Context(ProgramType.TRACING),
                "GPL",
                code,
                List.of(new FunctionRange("p", 0, code.size(), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Surroundings(Btf.EMPTY, symbols, section.substring(section.indexOf('/') + 1), List.of(), kernel));
        return Verifier.verify(program, Options.kernel());
    }

    private static DiagnosticCode code(Insn... insns) {
        return switch (verify(kernel(), "tp_btf/seen", insns)) {
            case Verdict.Rejected rejected -> rejected.violations().getFirst().code();
            case Verdict.Verified _ -> throw new AssertionError("accepted");
        };
    }

    private static void accepted(Insn... insns) {
        assertThat(verify(kernel(), "tp_btf/seen", insns)).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void whatIsFoundIsTestedAndGivenBack() {
        accepted(
                set(Reg.R1, 1),
                call("bpf_task_from_pid"),
                ifNull(Reg.R0, 2),
                move(Reg.R1, Reg.R0),
                call("bpf_task_release"),
                set(Reg.R0, 0),
                EXIT);
    }

    @Test
    void whatIsFoundIsNotKept() {
        assertThat(code(set(Reg.R1, 1), call("bpf_task_from_pid"), set(Reg.R0, 0), EXIT))
                .isEqualTo(DiagnosticCode.V0141);
    }

    @Test
    void whatMayBeNullIsNotGivenBack() {
        assertThat(code(
                        set(Reg.R1, 1),
                        call("bpf_task_from_pid"),
                        move(Reg.R1, Reg.R0),
                        call("bpf_task_release"),
                        set(Reg.R0, 0),
                        EXIT))
                .isEqualTo(DiagnosticCode.V0113);
    }

    @Test
    void whatWasGivenBackIsGone() {
        assertThat(code(
                        set(Reg.R1, 1),
                        call("bpf_task_from_pid"),
                        ifNull(Reg.R0, 4),
                        move(Reg.R6, Reg.R0),
                        move(Reg.R1, Reg.R0),
                        call("bpf_task_release"),
                        load(Reg.R1, Reg.R6, 0),
                        set(Reg.R0, 0),
                        EXIT))
                .isEqualTo(DiagnosticCode.V0112);
    }

    @Test
    void whatNobodyGaveIsNotGivenBack() {
        assertThat(code(load(Reg.R1, Reg.R1, 0), call("bpf_task_release"), set(Reg.R0, 0), EXIT))
                .isEqualTo(DiagnosticCode.V0142);
    }

    @Test
    void anArgumentOfATracepointIsAcquired() {
        accepted(
                load(Reg.R1, Reg.R1, 0),
                call("bpf_task_acquire"),
                ifNull(Reg.R0, 2),
                move(Reg.R1, Reg.R0),
                call("bpf_task_release"),
                set(Reg.R0, 0),
                EXIT);
    }

    @Test
    void aParentLivesUntilTheReadSectionEnds() {
        // Programs on tracepoints are read sections themselves.
        accepted(
                load(Reg.R1, Reg.R1, 0),
                load(Reg.R1, Reg.R1, 8),
                ifNull(Reg.R1, 4),
                call("bpf_task_acquire"),
                ifNull(Reg.R0, 2),
                move(Reg.R1, Reg.R0),
                call("bpf_task_release"),
                set(Reg.R0, 0),
                EXIT);
        assertThat(code(
                        load(Reg.R6, Reg.R1, 0),
                        call("bpf_rcu_read_lock"),
                        load(Reg.R7, Reg.R6, 8),
                        call("bpf_rcu_read_unlock"),
                        move(Reg.R1, Reg.R7),
                        call("bpf_task_acquire"),
                        ifNull(Reg.R0, 2),
                        move(Reg.R1, Reg.R0),
                        call("bpf_task_release"),
                        set(Reg.R0, 0),
                        EXIT))
                .isEqualTo(DiagnosticCode.V0152);
    }

    @Test
    void anArgumentOfATracedFunctionIsNotBelieved() {
        Verdict verdict = verify(
                kernel(),
                "fentry/bpf_task_release",
                load(Reg.R1, Reg.R1, 0),
                call("bpf_task_acquire"),
                ifNull(Reg.R0, 2),
                move(Reg.R1, Reg.R0),
                call("bpf_task_release"),
                set(Reg.R0, 0),
                EXIT);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().code())
                                .isEqualTo(DiagnosticCode.V0152));
    }

    @Test
    void aNumberIsNoTask() {
        assertThat(code(set(Reg.R1, 4), call("bpf_task_acquire"), set(Reg.R0, 0), EXIT))
                .isEqualTo(DiagnosticCode.V0152);
    }

    @Test
    void aKernelWithoutTheFunctionIsNamed() {
        assertThat(code(set(Reg.R1, 4), call("bpf_cgroup_from_id"), set(Reg.R0, 0), EXIT))
                .isEqualTo(DiagnosticCode.V0151);
    }

    @Test
    void withoutTypesNothingIsAccepted() {
        Verdict verdict =
                verify(KernelBtf.NONE, "tp_btf/seen", set(Reg.R1, 4), call("bpf_task_from_pid"), set(Reg.R0, 0), EXIT);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().code())
                                .isEqualTo(DiagnosticCode.V0134));
    }
}
