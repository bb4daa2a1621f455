package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.DebugType;
import dev.turnout.verifier.specialize.Decisions;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rewriting keeps what programs do, and everything that points into them. */
class SpecializerTest {
    private static final int PROGRAMS = Integer.getInteger("turnout.specialize.programs", 1_500);
    private static final long SEED = Long.getLong("turnout.specialize.seed", 0);
    private static final SpecializeOptions FOLD = SpecializeOptions.DEFAULT;
    private static final SpecializeOptions BLIND = SpecializeOptions.NONE.blinded(7);
    private static final SpecializeOptions BOTH = SpecializeOptions.DEFAULT.blinded(8);

    private static VerifiedProgram verified(BpfProgram program) {
        return switch (Verifier.verify(program, Options.exec())) {
            case Verdict.Verified(VerifiedProgram proven, long _) -> proven;
            case Verdict.Rejected(var violations, long _) -> throw new AssertionError(violations.toString());
        };
    }

    private static ExecutableProgram rewritten(String text, SpecializeOptions options) {
        return specialize(DiagnosticPagesTest.program(text), options);
    }

    private static ExecutableProgram specialize(BpfProgram program, SpecializeOptions options) {
        ExecutableProgram executable = Specializer.specialize(verified(program), options);
        assertWellFormed(executable);
        return executable;
    }

    private static String text(ExecutableProgram executable) {
        StringBuilder text = new StringBuilder();
        Code code = executable.program().code();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            text.append(InsnPrinter.print(code.at(slot))).append('\n');
        }
        return text.toString();
    }

    /** Whatever leads into the code leads to where an instruction begins, of the same function where it must be. */
    private static void assertWellFormed(ExecutableProgram executable) {
        BpfProgram program = executable.program();
        Code code = program.code();
        int end = 0;
        for (BpfProgram.FunctionRange function : program.functions()) {
            assertThat(function.start()).isEqualTo(end).isLessThan(function.end());
            end = function.end();
        }
        assertThat(end).isEqualTo(code.size());
        List<Integer> starts = program.functions().stream()
                .map(BpfProgram.FunctionRange::start)
                .toList();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            int next = code.next(slot);
            BpfProgram.FunctionRange function = program.functionAt(slot);
            if (insn.fallsThrough()) {
                assertThat(next).as("behind %s", insn).isLessThan(function.end());
            }
            insn.jumpDistance().ifPresent(distance -> {
                assertThat(code.begins(next + distance)).as("%s", insn).isTrue();
                assertThat(program.functionAt(next + distance)).isEqualTo(function);
                boolean far = (insn instanceof Insn.Jump jump && jump.far())
                        || (insn instanceof Insn.StaticJump site && site.far());
                assertThat(far || distance == (short) (int) distance)
                        .as("%s", insn)
                        .isTrue();
            });
            if (insn instanceof Insn.CallLocal call) {
                assertThat(starts).contains(next + call.distance());
            }
            if (insn instanceof Insn.Wide wide && wide.kind() == WideKind.FUNCTION) {
                assertThat(starts).contains(slot + 1 + wide.low());
            }
            assertThat(executable.origin().program().code().begins(executable.original(slot)))
                    .isTrue();
        }
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                assertThat(targets).allMatch(target -> target == ExecutableProgram.REMOVED || code.begins(target));
            }
        }
        for (BranchSite site : program.branchSites()) {
            assertThat(code.at(site.slot())).isInstanceOf(Insn.StaticJump.class);
            assertThat(code.begins(site.target())).isTrue();
        }
    }

    @Test
    void a_constant_of_the_object_decides_and_leaves_nothing_behind() {
        ExecutableProgram executable = rewritten("""
                ; memory 8
                ; rodata 8
                r1 = map[0][0] + 4
                r2 = *(u32 *)(r1 + 0)
                r0 = 1
                if r2 != 0 goto on
                exit
                on:
                r0 = 2
                exit
                """, FOLD);
        assertThat(text(executable)).isEqualTo("r0 = 1\nexit\n");
        assertThat(executable.rewritten(0)).isZero();
        assertThat(executable.rewritten(3)).isZero();
        assertThat(executable.rewritten(4))
                .as("the folded jump goes on at the exit")
                .isEqualTo(1);
        assertThat(executable.rewritten(6)).isEqualTo(ExecutableProgram.REMOVED);
        assertThat(executable.original(1)).isEqualTo(5);
        assertThat(executable.decisions().jumps())
                .extracting(
                        Decisions.Jump::slot,
                        Decisions.Jump::way,
                        jump -> jump.value().toString())
                .containsExactly(org.assertj.core.groups.Tuple.tuple(4, Decisions.Way.NEVER, "0"));
        assertThat(executable.decisions().dead()).containsExactly(new Decisions.DeadCode(4, 6, 8, List.of()));
    }

    @Test
    void a_known_operand_is_an_immediate_where_an_instruction_can_hold_it() {
        ExecutableProgram executable = rewritten("""
                ; memory 8
                ; rodata 8
                r2 = *(u64 *)(r1 + 0)
                r3 = map[0][0] + 0
                r3 = *(u8 *)(r3 + 0)
                r4 = 0x123456789 ll
                r5 = 65
                *(u64 *)(r1 + 0) = r3
                if r2 > r3 goto big
                r2 /= r3
                big:
                w2 += w4
                r2 += r4
                r2 <<= r5
                r0 = r2
                exit
                """, FOLD);
        assertThat(text(executable)).isEqualTo("""
                r2 = *(u64 *)(r1 + 0)
                r3 = 0
                r4 = 4886718345 ll
                r5 = 65
                *(u64 *)(r1 + 0) = 0
                if r2 > 0 goto +1
                r2 /= r3
                w2 += 591751049
                r2 += r4
                r2 <<= r5
                r0 = r2
                exit
                """);
    }

    @Test
    void no_helper_may_change_what_is_folded() {
        for (String call : List.of("call 2", "call 3")) {
            Verdict verdict = Verifier.verify(DiagnosticPagesTest.program("""
                    ; xdp
                    ; rodata 8
                    *(u32 *)(r10 - 4) = 0
                    *(u64 *)(r10 - 16) = 1
                    r1 = map[0]
                    r2 = r10
                    r2 += -4
                    r3 = r10
                    r3 += -16
                    r4 = 0
                    %s
                    r0 = 2
                    exit
                    """.formatted(call)), Options.linux());
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Rejected.class,
                            rejected -> assertThat(
                                            rejected.violations().getFirst().code())
                                    .isEqualTo(DiagnosticCode.V0119));
        }
    }

    @Test
    void without_options_nothing_changes() {
        BpfProgram program = DiagnosticPagesTest.program("""
                ; memory 8
                ; rodata 8
                r1 = map[0][0] + 4
                r2 = *(u32 *)(r1 + 0)
                r0 = 1
                if r2 != 0 goto +1
                exit
                r0 = 2
                exit
                """);
        assertThat(specialize(program, SpecializeOptions.NONE).program()).isEqualTo(program);
    }

    private static final String DISPATCH = """
            ; memory 8
            ; table 9 11 13 15
            r1 = *(u8 *)(r1 + 0)
            r1 &= 3
            if r1 == 2 goto last
            r1 <<= 3
            r2 = map[0][0] + 0
            r2 += r1
            r2 = *(u64 *)(r2 + 0)
            gotox r2
            r0 = 10
            exit
            r0 = 20
            exit
            last:
            r0 = 30
            exit
            r0 = 40
            exit
            """;

    @Test
    void entries_lead_to_the_instruction_that_they_led_to() {
        for (SpecializeOptions options : List.of(SpecializeOptions.NONE, FOLD, BLIND, BOTH)) {
            ExecutableProgram executable = rewritten(DISPATCH, options);
            Code before = executable.origin().program().code();
            List<Integer> targets = targets(executable);
            for (int index = 0; index < 4; index++) {
                int slot = 9 + 2 * index;
                assertThat(targets.get(index)).isEqualTo(executable.rewritten(slot));
                assertThat(executable.original(targets.get(index))).isEqualTo(slot);
                assertThat(before.begins(slot)).isTrue();
            }
        }
    }

    private static List<Integer> targets(ExecutableProgram executable) {
        return executable.program().maps().stream()
                .filter(map -> map.content() instanceof MapDefinition.Content.Targets)
                .map(map -> ((MapDefinition.Content.Targets) map.content()).targets())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void an_arm_that_no_index_reaches_goes_with_its_entry() {
        ExecutableProgram executable =
                rewritten(DISPATCH.replace("r1 &= 3\nif r1 == 2 goto last\n", "r1 &= 1\nif r1 == 2 goto last\n"), FOLD);
        assertThat(targets(executable)).containsExactly(8, 10, ExecutableProgram.REMOVED, ExecutableProgram.REMOVED);
        assertThat(text(executable)).doesNotContain("30").doesNotContain("40").contains("gotox");
        assertThat(executable.decisions().entries())
                .containsExactly(new Decisions.DeadEntry("table", 2, 13), new Decisions.DeadEntry("table", 3, 15));
    }

    @Test
    void a_dispatch_that_can_go_to_one_arm_is_a_jump() {
        ExecutableProgram executable =
                rewritten(DISPATCH.replace("r1 &= 3\nif r1 == 2 goto last\n", "r1 = 1\nif r1 == 2 goto last\n"), FOLD);
        assertThat(text(executable)).isEqualTo("r0 = 20\nexit\n");
        assertThat(executable.decisions().jumps())
                .extracting(Decisions.Jump::way)
                .containsExactly(Decisions.Way.NEVER, Decisions.Way.ONE_TARGET);
    }

    @Test
    void a_function_that_nobody_calls_goes() {
        ExecutableProgram executable = rewritten("""
                ; memory 8
                ; functions 0 6 9
                r6 = 0
                if r6 == 0 goto +1
                call +3
                r1 = 5
                call +4
                exit
                r0 = 1
                r0 = 2
                exit
                r0 = r1
                r0 += 1000000
                exit
                """, FOLD);
        assertThat(text(executable)).isEqualTo("r1 = 5\ncall pc+1\nexit\nr0 = 5\nr0 += 1000000\nexit\n");
        assertThat(executable.program().functions())
                .extracting(BpfProgram.FunctionRange::name, BpfProgram.FunctionRange::start)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("f0", 0), org.assertj.core.groups.Tuple.tuple("f2", 3));
    }

    @Test
    void sites_and_lines_move_with_their_instructions_and_stay_open() {
        BpfProgram plain = DiagnosticPagesTest.program("""
                ; memory 8
                r0 = 7
                r3 = 0
                if r3 == 0 goto +2
                r0 = 1000
                exit
                goto_or_nop +1
                exit
                r0 = 9
                exit
                """);
        BpfProgram program = new BpfProgram(
                plain.name(),
                plain.section(),
                plain.entry(),
                plain.license(),
                plain.code(),
                plain.functions(),
                plain.maps(),
                List.of(new KeyDefinition("k", 0, new DebugType.Void())),
                List.of(new BranchSite(5, 7, 0, 1, false)),
                List.of(line(0, 1), line(2, 2), line(3, 3), line(5, 4), line(7, 5)));
        ExecutableProgram folded = specialize(program, FOLD);
        assertThat(text(folded)).isEqualTo("r0 = 7\ngoto_or_nop +1\nexit\nr0 = 9\nexit\n");
        assertThat(folded.program().branchSites()).containsExactly(new BranchSite(1, 3, 0, 1, false));
        assertThat(folded.program().lines()).containsExactly(line(0, 1), line(1, 4), line(3, 5));
        assertThat(folded.decisions().dead()).containsExactly(new Decisions.DeadCode(2, 3, 5, List.of(line(3, 3))));
        ExecutableProgram both = specialize(program, BOTH);
        assertThat(both.program().branchSites()).containsExactly(new BranchSite(2, 4, 0, 1, false));
        assertThat(both.program().lines()).containsExactly(line(0, 1), line(2, 4), line(4, 5));
    }

    private static LineInfo line(int slot, int line) {
        return new LineInfo(slot, "f.turn", line, 1, "");
    }

    @Test
    void no_constant_of_the_program_stands_in_blinded_code() {
        String text = """
                ; memory 8
                r6 = r1
                r0 = 1234567
                r0 *= 1234567
                w0 += 1234567
                if r0 == 1234567 goto +1
                if w0 & 1234567 goto +0
                r3 = 0x12d6870012d687 ll
                r0 ^= r3
                *(u64 *)(r6 + 0) = 1234567
                r0 <<= 5
                exit
                """;
        ExecutableProgram plain = rewritten(text, SpecializeOptions.NONE);
        ExecutableProgram blinded = rewritten(text, BLIND);
        assertThat(text(blinded)).doesNotContain("1234567").contains("ax");
        assertThat(text(rewritten(text, BLIND))).as("the seed decides").isEqualTo(text(blinded));
        assertThat(text(rewritten(text, SpecializeOptions.NONE.blinded(9)))).isNotEqualTo(text(blinded));
        byte[] memory = new byte[8];
        assertThat(run(blinded.program(), memory)).isEqualTo(run(plain.program(), memory));
    }

    private static String run(BpfProgram program, byte[] memory) {
        ConcreteMachine machine = new ConcreteMachine(program, null, memory);
        assertThat(machine.run(2_000_000).filter(wrong -> !wrong.equals(ConcreteMachine.TOO_LONG)))
                .as(program.code().toString())
                .isEmpty();
        return machine.outcome();
    }

    /** Blinding makes 30,000 additions 90,000: what jumped over them takes its long form. */
    @Test
    void jumps_that_no_longer_fit_take_their_long_form() {
        int many = 30_000;
        List<Insn> insns = new ArrayList<>();
        insns.add(new Insn.Load(Size.W, false, Reg.R3, Reg.R1, 0));
        insns.add(new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(1)));
        insns.add(new Insn.JumpIf(JumpOp.JGT, Width.W64, Reg.R3, Operand.of(100), many + 2));
        insns.add(new Insn.JumpIf(JumpOp.JSET, Width.W64, Reg.R3, Operand.of(16), many + 1));
        insns.add(new Insn.JumpIf(JumpOp.JEQ, Width.W64, Reg.R3, Operand.of(Reg.R0), many));
        for (int i = 0; i < many; i++) {
            insns.add(new Insn.Alu(AluOp.ADD, Width.W64, Reg.R0, Operand.of(i)));
        }
        insns.add(new Insn.Alu(AluOp.XOR, Width.W64, Reg.R0, Operand.of(Reg.R3)));
        insns.add(new Insn.Exit());
        BpfProgram shape = DiagnosticPagesTest.program("; memory 8\nr0 = 0\nexit\n");
        Code code = Code.of(insns);
        BpfProgram program = new BpfProgram(
                shape.name(),
                shape.section(),
                shape.entry(),
                shape.license(),
                code,
                List.of(new BpfProgram.FunctionRange("f0", 0, code.size(), false)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        ExecutableProgram blinded = specialize(program, BLIND);
        assertThat(blinded.program().code().insns()).contains(new Insn.Jump(true, 3 * many));
        for (byte first : new byte[] {0, 1, 16, 17, 101, 5}) {
            byte[] memory = {first, 0, 0, 0, 0, 0, 0, 0};
            assertThat(run(blinded.program(), memory)).isEqualTo(run(program, memory));
        }
    }

    @Test
    void random_programs_do_the_same_however_they_are_rewritten() {
        int accepted = 0;
        int shorter = 0;
        int provenAnew = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            long seed = SEED * 1_000_000 + 500_000 + i;
            BpfProgram program = new SoundnessTest().draw(seed);
            if (!(Verifier.verify(program, Options.exec())
                    instanceof Verdict.Verified(VerifiedProgram proven, long _))) {
                continue;
            }
            accepted++;
            List<ExecutableProgram> all = new ArrayList<>();
            for (SpecializeOptions options : List.of(
                    SpecializeOptions.NONE,
                    FOLD,
                    SpecializeOptions.NONE.blinded(seed),
                    SpecializeOptions.DEFAULT.blinded(seed))) {
                ExecutableProgram executable = Specializer.specialize(proven, options);
                assertWellFormed(executable);
                all.add(executable);
            }
            provenAnew += Verifier.verify(all.get(1).program(), Options.exec()) instanceof Verdict.Verified ? 1 : 0;
            shorter += all.get(1).program().code().size() < program.code().size() ? 1 : 0;
            Random bytes = new Random(seed);
            for (int run = 0; run < 4; run++) {
                byte[] memory = new byte[SoundnessTest.MEMORY];
                bytes.nextBytes(memory);
                ConcreteMachine machine = new ConcreteMachine(program, null, memory);
                if (machine.run(100_000).isPresent()) {
                    continue;
                }
                for (ExecutableProgram executable : all) {
                    assertThat(run(executable.program(), memory))
                            .as("seed %d%n%s", seed, text(executable))
                            .isEqualTo(machine.outcome());
                }
            }
        }
        assertThat(accepted).isGreaterThan(PROGRAMS / 10);
        // Not all: a proof that ran over the whole may find what one over the rest does not.
        assertThat(provenAnew).as("programs proven anew, of %d", accepted).isGreaterThan(accepted * 98 / 100);
        assertThat(shorter)
                .as("programs with something to fold, of %d", accepted)
                .isGreaterThan(accepted / 10);
    }

    @Test
    void what_stands_in_code_that_is_not_blinded_can_be_encoded() {
        assertThat(Encoder.encode(rewritten(DISPATCH, FOLD).program().code()).size())
                .isPositive();
    }
}
