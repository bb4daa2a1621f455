package dev.turnout.verifier.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfExt;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.BtfWriter;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Region.Trust;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A kernel of a few types: {@code struct task { int id; struct task *parent; char name[16]; union { … }; int tail[]; }}. */
class KernelTypesTest {
    private static final int INT = 1;
    private static final int TASK = 3;
    private static final int TO_TASK = 4;

    private final KernelBtf btf = kernel();
    private final KernelTypes types = new KernelTypes(btf);

    private static KernelBtf kernel() {
        List<BtfType> all = List.of(
                new BtfType.Int("int", 4, 1, 0, 32),
                new BtfType.Int("char", 1, 2, 0, 8),
                new BtfType.Composite(
                        "task",
                        false,
                        48,
                        List.of(
                                new BtfType.Member("id", INT, 0, 0),
                                new BtfType.Member("parent", TO_TASK, 64, 0),
                                new BtfType.Member("name", 5, 128, 0),
                                new BtfType.Member("either", 6, 256, 0),
                                new BtfType.Member("user", 8, 320, 0),
                                new BtfType.Member("tail", 9, 384, 0))),
                new BtfType.Pointer(TASK),
                new BtfType.Array(2, INT, 16),
                new BtfType.Composite(
                        "",
                        true,
                        8,
                        List.of(new BtfType.Member("one", TO_TASK, 0, 0), new BtfType.Member("two", INT, 0, 0))),
                new BtfType.Modifier(BtfType.Modifier.Kind.TYPE_TAG, "user", TASK),
                new BtfType.Pointer(7),
                new BtfType.Array(INT, INT, 0),
                new BtfType.Prototype(
                        INT, List.of(new BtfType.Parameter("task", TO_TASK), new BtfType.Parameter("flags", INT))),
                new BtfType.Function("do_it", 10, BtfType.Linkage.STATIC),
                new BtfType.Prototype(
                        INT,
                        List.of(
                                new BtfType.Parameter("data", 0),
                                new BtfType.Parameter("task__nullable", TO_TASK),
                                new BtfType.Parameter("other", TO_TASK))),
                new BtfType.Pointer(12),
                new BtfType.Typedef("btf_trace_seen", 13),
                new BtfType.Composite("file", false, 16, List.of(new BtfType.Member("f_inode", TO_TASK, 0, 0))),
                new BtfType.Composite("sub", false, 24, List.of(new BtfType.Member("base", 15, 0, 0))));
        Diagnostics diagnostics = new Diagnostics();
        BtfWriter.Sections written = BtfWriter.write(new Btf(all), new BtfExt(Map.of(), Map.of(), Map.of()));
        return KernelBtf.open(written.btf(), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    private Loaded task(long offset, long bytes) {
        return types.load(new Region.KernelObject("task", TASK, Trust.TRUSTED), offset, bytes, true);
    }

    @Test
    void namesAreFound() {
        assertThat(btf.size()).isEqualTo(16);
        assertThat(btf.named("task", BtfType.Composite.class)).isEqualTo(TASK);
        assertThat(btf.named("task", BtfType.Function.class)).isZero();
        assertThat(btf.named("nothing")).isEmpty();
        assertThat(btf.find(17)).isEmpty();
    }

    @Test
    void fieldsAreNumbersOrPointersThatAreBelievedLess() {
        assertThat(task(0, 4)).isEqualTo(new Loaded.Number());
        assertThat(task(2, 2)).isEqualTo(new Loaded.Number());
        assertThat(task(19, 1)).isEqualTo(new Loaded.Number());
        assertThat(task(8, 8))
                .isEqualTo(new Loaded.Pointer(new Region.KernelObject("task", TASK, Trust.WALKED), false));
        assertThat(task(32, 8))
                .isEqualTo(new Loaded.Pointer(new Region.KernelObject("task", TASK, Trust.UNTRUSTED), false));
        assertThat(task(40, 8)).isEqualTo(new Loaded.Number());
    }

    @Test
    void aShortListOfFieldsIsAsGoodAsWhatHoldsThem() {
        assertThat(types.load(new Region.KernelObject("file", 15, Trust.TRUSTED), 0, 8, true))
                .isEqualTo(new Loaded.Pointer(new Region.KernelObject("task", TASK, Trust.TRUSTED), false));
        assertThat(types.load(new Region.KernelObject("file", 15, Trust.UNTRUSTED), 0, 8, true))
                .isEqualTo(new Loaded.Pointer(new Region.KernelObject("task", TASK, Trust.UNTRUSTED), false));
    }

    @Test
    void whoMaySleepLosesWhatATrustedObjectLeadsTo() {
        assertThat(types.load(new Region.KernelObject("task", TASK, Trust.TRUSTED), 8, 8, false))
                .isEqualTo(new Loaded.Pointer(new Region.KernelObject("task", TASK, Trust.UNTRUSTED), false));
        assertThat(types.load(new Region.KernelObject("task", TASK, Trust.WALKED), 8, 8, false))
                .isEqualTo(new Loaded.Pointer(new Region.KernelObject("task", TASK, Trust.WALKED), false));
    }

    @Test
    void anObjectIsWhatItBeginsWith() {
        Region.KernelObject file = new Region.KernelObject("file", 15, Trust.TRUSTED);
        assertThat(types.begins(file, "file")).isTrue();
        assertThat(types.begins(file, "task")).isFalse();
        assertThat(types.begins(new Region.KernelObject("sub", 16, Trust.TRUSTED), "file"))
                .isTrue();
    }

    @Test
    void whatIsNoFieldIsRefused() {
        assertThat(task(8, 4)).isInstanceOf(Loaded.Refused.class);
        assertThat(task(12, 8)).isInstanceOf(Loaded.Refused.class);
        assertThat(task(4, 1)).isInstanceOf(Loaded.Refused.class);
        assertThat(task(-4, 4)).isInstanceOf(Loaded.Refused.class);
        assertThat(types.load(new Region.KernelObject("file", 15, Trust.TRUSTED), 12, 8, true))
                .isInstanceOf(Loaded.Refused.class);
    }

    @Test
    void anArrayWithoutALengthGoesOn() {
        assertThat(task(48, 4)).isEqualTo(new Loaded.Number());
        assertThat(task(4000, 4)).isEqualTo(new Loaded.Number());
    }

    private Verdict verify(String section, KernelBtf kernel, Insn... insns) {
        Code code = Code.of(List.of(insns));
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
                new Surroundings(Btf.EMPTY, List.of(), section.substring(section.indexOf('/') + 1), List.of(), kernel));
        return Verifier.verify(program, Options.kernel());
    }

    private static Insn load(Reg to, Reg from, int offset) {
        return new Insn.Load(Size.DW, false, to, from, offset);
    }

    private static final Insn ZERO = new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, new Operand.Immediate(0));
    private static final Insn EXIT = new Insn.Exit();

    @Test
    void aProgramWalksFromItsArguments() {
        Insn[] walk = {load(Reg.R1, Reg.R1, 0), load(Reg.R1, Reg.R1, 8), load(Reg.R1, Reg.R1, 8), ZERO, EXIT};
        assertThat(verify("fentry/do_it", btf, walk)).isInstanceOf(Verdict.Verified.class);
        assertThat(code(verify("fentry/do_it", KernelBtf.NONE, walk))).isEqualTo(DiagnosticCode.V0134);
        assertThat(code(verify("fentry/undo_it", btf, walk))).isEqualTo(DiagnosticCode.V0134);
    }

    @Test
    void theResultIsSeenWhereThereIsOne() {
        assertThat(verify("fexit/do_it", btf, load(Reg.R1, Reg.R1, 16), ZERO, EXIT))
                .isInstanceOf(Verdict.Verified.class);
        assertThat(code(verify("fentry/do_it", btf, load(Reg.R1, Reg.R1, 16), ZERO, EXIT)))
                .isEqualTo(DiagnosticCode.V0118);
    }

    @Test
    void aTracepointsArgumentMayBeNull() {
        assertThat(code(verify("tp_btf/seen", btf, load(Reg.R1, Reg.R1, 0), load(Reg.R1, Reg.R1, 8), ZERO, EXIT)))
                .isEqualTo(DiagnosticCode.V0113);
        assertThat(verify("tp_btf/seen", btf, load(Reg.R1, Reg.R1, 8), load(Reg.R1, Reg.R1, 8), ZERO, EXIT))
                .isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void objectsAreNotWritten() {
        Insn store = new Insn.Store(Size.W, Reg.R1, 0, new Operand.Immediate(1));
        assertThat(code(verify("tp_btf/seen", btf, load(Reg.R1, Reg.R1, 8), store, ZERO, EXIT)))
                .isEqualTo(DiagnosticCode.V0119);
    }

    private static DiagnosticCode code(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Rejected rejected -> rejected.violations().getFirst().code();
            case Verdict.Verified _ -> throw new AssertionError("accepted");
        };
    }
}
