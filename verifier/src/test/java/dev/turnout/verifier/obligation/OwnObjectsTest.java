package dev.turnout.verifier.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
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
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Objects of {@code struct foo { struct bpf_list_node node; int data; }}, and a global list of them beside its lock. */
class OwnObjectsTest {
    private static final int FOO = 3;
    private static final int DATA = 24;
    private static final int HEAD = 8;
    private static final List<String> NAMES =
            List.of("bpf_obj_new_impl", "bpf_obj_drop_impl", "bpf_list_push_front_impl", "bpf_list_pop_front");
    private static final int LOCK = 93;
    private static final int UNLOCK = 94;

    private static final Btf TYPES = new Btf(List.of(
            new BtfType.Int("int", 4, 1, 0, 32),
            new BtfType.Composite("bpf_list_node", false, 24, List.of(new BtfType.Member("opaque", 1, 0, 0))),
            new BtfType.Composite(
                    "foo",
                    false,
                    32,
                    List.of(new BtfType.Member("node", 2, 0, 0), new BtfType.Member("data", 1, 192, 0)))));

    private static final MapDefinition LISTS = new MapDefinition(
            ".bss.lists",
            MapKind.ARRAY,
            4,
            24,
            1,
            0,
            0,
            new DebugType.Void(),
            new DebugType.Void(),
            new MapDefinition.Content.Empty(),
            Optional.empty(),
            List.of(
                    new MapField(MapField.Kind.SPIN_LOCK, 0, 4, ""),
                    new MapField(MapField.Kind.LIST_HEAD, HEAD, 16, "foo", "node")));

    private final List<Insn> code = new ArrayList<>();

    private OwnObjectsTest add(Insn... insns) {
        code.addAll(List.of(insns));
        return this;
    }

    private OwnObjectsTest call(String name) {
        return add(new Insn.CallKernel(NAMES.indexOf(name), 0));
    }

    private OwnObjectsTest set(Reg to, int value) {
        return add(new Insn.Alu(AluOp.MOV, Width.W64, to, new Operand.Immediate(value)));
    }

    private OwnObjectsTest move(Reg to, Reg from) {
        return add(new Insn.Alu(AluOp.MOV, Width.W64, to, new Operand.Register(from)));
    }

    private OwnObjectsTest lists(Reg to, int offset) {
        return add(new Insn.Wide(to, WideKind.MAP_INDEX_VALUE, 0, offset));
    }

    /** r6: a new object, and the program ends where there is none. */
    private OwnObjectsTest fresh() {
        return set(Reg.R1, FOO)
                .set(Reg.R2, 0)
                .call("bpf_obj_new_impl")
                .add(new Insn.JumpIf(JumpOp.JNE, Width.W64, Reg.R0, new Operand.Immediate(0), 2))
                .end()
                .move(Reg.R6, Reg.R0);
    }

    private OwnObjectsTest lock() {
        return lists(Reg.R1, 0).add(new Insn.CallHelper(LOCK));
    }

    private OwnObjectsTest unlock() {
        return lists(Reg.R1, 0).add(new Insn.CallHelper(UNLOCK));
    }

    private OwnObjectsTest push() {
        return lists(Reg.R1, HEAD)
                .move(Reg.R2, Reg.R6)
                .set(Reg.R3, 0)
                .set(Reg.R4, 0)
                .call("bpf_list_push_front_impl");
    }

    private OwnObjectsTest drop(Reg object) {
        return move(Reg.R1, object).set(Reg.R2, 0).call("bpf_obj_drop_impl");
    }

    private OwnObjectsTest write(Reg object, int offset) {
        return add(new Insn.Store(Size.W, object, offset, new Operand.Immediate(1)));
    }

    private OwnObjectsTest end() {
        return set(Reg.R0, 0).add(new Insn.Exit());
    }

    private Verdict verify() {
        Code all = Code.of(code);
        List<KernelSymbol> symbols = new ArrayList<>();
        NAMES.forEach(name -> symbols.add(new KernelSymbol(name, KernelSymbol.Kind.FUNCTION, false, 0)));
        BpfProgram program = new BpfProgram(
                "p",
                "tc",
                new BpfProgram.Entry.Context(ProgramType.SCHED_CLS),
                "GPL",
                all,
                List.of(new FunctionRange("p", 0, all.size(), true)),
                List.of(LISTS),
                List.of(),
                List.of(),
                List.of(),
                new Surroundings(TYPES, symbols, "", List.of(), KernelBtf.NONE));
        return Verifier.verify(program, Options.kernel());
    }

    private void accepted() {
        assertThat(verify()).isInstanceOf(Verdict.Verified.class);
    }

    private void rejected(DiagnosticCode code) {
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().code())
                                .isEqualTo(code));
    }

    @Test
    void whatIsMadeIsUsedAndGivenBack() {
        fresh().write(Reg.R6, DATA).drop(Reg.R6).end().accepted();
    }

    @Test
    void whatIsMadeIsGivenBackOrHung() {
        fresh().end().rejected(DiagnosticCode.V0141);
    }

    @Test
    void theKernelsPartIsItsOwn() {
        fresh().write(Reg.R6, 0).drop(Reg.R6).end().rejected(DiagnosticCode.V0149);
    }

    @Test
    void anObjectEnds() {
        fresh().write(Reg.R6, 32).drop(Reg.R6).end().rejected(DiagnosticCode.V0132);
    }

    @Test
    void aListIsReachedUnderItsLock() {
        fresh().push().end().rejected(DiagnosticCode.V0143);
        code.clear();
        fresh().lock().push().unlock().end().accepted();
    }

    @Test
    void whatHangsIsSeenUntilTheLockIsGivenBack() {
        fresh().lock().push().write(Reg.R6, DATA).unlock().end().accepted();
        code.clear();
        fresh().lock().push().unlock().write(Reg.R6, DATA).end().rejected(DiagnosticCode.V0112);
    }

    @Test
    void whatHangsIsNotGivenBack() {
        fresh().lock().push().unlock().drop(Reg.R6).end().rejected(DiagnosticCode.V0142);
    }

    @Test
    void whatIsTakenFromAListIsOwned() {
        lock().lists(Reg.R1, HEAD)
                .call("bpf_list_pop_front")
                .move(Reg.R7, Reg.R0)
                .unlock()
                .add(new Insn.JumpIf(JumpOp.JEQ, Width.W64, Reg.R7, new Operand.Immediate(0), 4))
                .write(Reg.R7, DATA)
                .drop(Reg.R7)
                .end()
                .accepted();
        code.clear();
        lock().lists(Reg.R1, HEAD).call("bpf_list_pop_front").unlock().end().rejected(DiagnosticCode.V0141);
    }

    @Test
    void aNumberThatIsNoTypeMakesNothing() {
        set(Reg.R1, 1).set(Reg.R2, 0).call("bpf_obj_new_impl").end().rejected(DiagnosticCode.V0152);
    }
}
