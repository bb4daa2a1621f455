package dev.turnout.bench.speed;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.ir.model.ByteString;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.List;

/** Programs of any length that are a little of everything, in about the shares that compilers emit. */
final class LongProgram {
    static final int MEMORY = 64;

    /** Instructions that the verifier may look at: enough for the longest. */
    private static final long BUDGET = 10_000_000;

    private LongProgram() {}

    /** Input for all of them. */
    static ByteString input() {
        return ByteString.zeros(MEMORY);
    }

    /** {@code r0 = 1; exit}: the shortest that says something. */
    static BpfProgram shortest() {
        return program(List.of(move(Reg.R0, 1), new Insn.Exit()));
    }

    /** A program of at least so many instructions, and at most nine more. */
    static BpfProgram of(int count) {
        List<Insn> insns = new ArrayList<>(List.of(move(Reg.R0, 0), move(Reg.R3, 7), move(Reg.R4, 9)));
        while (insns.size() < count - 1) {
            int at = insns.size() % (MEMORY - 8);
            insns.add(new Insn.Load(Size.W, false, Reg.R3, Reg.R1, at));
            insns.add(new Insn.Alu(AluOp.ADD, Width.W64, Reg.R0, Operand.of(Reg.R3)));
            insns.add(new Insn.JumpIf(JumpOp.JGT, Width.W32, Reg.R3, Operand.of(at + 200), 3));
            insns.add(new Insn.Alu(AluOp.XOR, Width.W32, Reg.R4, Operand.of(Reg.R0)));
            insns.add(new Insn.Alu(AluOp.LSH, Width.W64, Reg.R0, Operand.of(3)));
            insns.add(new Insn.Alu(AluOp.MUL, Width.W32, Reg.R4, Operand.of(31)));
            insns.add(new Insn.Store(Size.H, Reg.R1, at, Operand.of(Reg.R4)));
            insns.add(new Insn.Alu(AluOp.MOV, Width.W64, Reg.R5, Operand.of(Reg.R4)));
            insns.add(new Insn.Alu(AluOp.RSH, Width.W64, Reg.R5, Operand.of(Reg.R3)));
            insns.add(new Insn.Alu(AluOp.XOR, Width.W64, Reg.R0, Operand.of(Reg.R5)));
        }
        insns.add(new Insn.Exit());
        return program(insns);
    }

    private static Insn move(Reg dst, int value) {
        return new Insn.Alu(AluOp.MOV, Width.W64, dst, Operand.of(value));
    }

    private static BpfProgram program(List<Insn> insns) {
        Code code = Code.of(insns);
        return new BpfProgram(
                "f",
                "",
                new BpfProgram.Entry.Memory(MEMORY),
                "",
                code,
                List.of(new BpfProgram.FunctionRange("f", 0, code.size(), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    static ExecutableProgram proven(BpfProgram program) {
        return switch (Verifier.verify(program, new Options(Options.Policy.EXEC, BUDGET))) {
            case Verdict.Verified verified -> Specializer.specialize(verified.program());
            case Verdict.Rejected rejected ->
                throw new IllegalStateException(
                        rejected.violations().getFirst().diagnostic(program).message());
        };
    }
}
