package dev.turnout.x86;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.VerifiedProgram;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.Specializer;
import java.util.List;

/** Small programs, proven. */
final class Programs {
    private Programs() {}

    static final Entry XDP = new Entry.Context(ProgramType.XDP);

    static Entry memory(int bytes) {
        return new Entry.Memory(bytes);
    }

    static BpfProgram program(String name, Entry entry, List<MapDefinition> maps, List<Insn> insns) {
        return program(name, entry, maps, insns, Integer.MAX_VALUE);
    }

    /** With a second function that begins at slot {@code second}. */
    static BpfProgram program(String name, Entry entry, List<MapDefinition> maps, List<Insn> insns, int second) {
        Code code = Code.of(insns);
        List<FunctionRange> functions = second >= code.size()
                ? List.of(new FunctionRange(name, 0, code.size(), true))
                : List.of(
                        new FunctionRange(name, 0, second, true),
                        new FunctionRange(name + "_called", second, code.size(), false));
        return new BpfProgram(name, "test", entry, "GPL", code, functions, maps, List.of(), List.of(), List.of());
    }

    static MapDefinition map(String name, MapKind kind, int keySize, int valueSize, long maxEntries) {
        return new MapDefinition(
                name,
                kind,
                keySize,
                valueSize,
                maxEntries,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty());
    }

    static RunnableProgram load(BpfProgram program, Engine engine, Machine machine) {
        Diagnostics diagnostics = new Diagnostics();
        return engine.load(Specializer.specialize(verified(program)), machine, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    static VerifiedProgram verified(BpfProgram program) {
        return switch (Verifier.verify(program, Options.exec())) {
            case Verdict.Verified verified -> verified.program();
            case Verdict.Rejected rejected ->
                throw new AssertionError(rejected.violations().toString());
        };
    }

    static Insn alu(AluOp op, Reg dst, int value) {
        return new Insn.Alu(op, Width.W64, dst, Operand.of(value));
    }

    static Insn alu(AluOp op, Reg dst, Reg src) {
        return new Insn.Alu(op, Width.W64, dst, Operand.of(src));
    }

    static Insn mov(Reg dst, int value) {
        return alu(AluOp.MOV, dst, value);
    }

    static Insn mov(Reg dst, Reg src) {
        return alu(AluOp.MOV, dst, src);
    }

    static Insn call(HelperFunction helper) {
        return new Insn.CallHelper(helper.id());
    }

    static Insn mapAt(Reg dst, int index) {
        return new Insn.Wide(dst, WideKind.MAP_INDEX, index, 0);
    }

    static Insn exit() {
        return new Insn.Exit();
    }
}
