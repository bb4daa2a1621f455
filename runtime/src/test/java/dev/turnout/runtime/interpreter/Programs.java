package dev.turnout.runtime.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;

/** Programs for tests, and a machine to run them on. */
final class Programs {
    private Programs() {}

    static BpfProgram program(Entry entry, List<MapDefinition> maps, List<FunctionRange> functions, List<Insn> insns) {
        return program(entry, maps, functions, insns, List.of(), List.of());
    }

    static BpfProgram program(
            Entry entry,
            List<MapDefinition> maps,
            List<FunctionRange> functions,
            List<Insn> insns,
            List<KeyDefinition> keys,
            List<BranchSite> sites) {
        Code code = Code.of(insns);
        List<FunctionRange> all =
                functions.isEmpty() ? List.of(new FunctionRange("main", 0, code.size(), true)) : functions;
        return new BpfProgram("main", "test", entry, "GPL", code, all, maps, keys, sites, List.of());
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

    static Machine machine() {
        return Machine.create(new ScriptedWorld(), 2);
    }

    static RunnableProgram load(BpfProgram program, Machine machine) {
        Diagnostics diagnostics = new Diagnostics();
        var loaded = Interpreter.load(program, machine, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return loaded.orElseThrow();
    }

    /** r0 of a program that is given this memory. */
    static long run(List<Insn> insns, byte... memory) {
        return run(program(new Entry.Memory(memory.length), List.of(), List.of(), insns), memory);
    }

    static long run(BpfProgram program, byte... memory) {
        try (Machine machine = machine()) {
            return run(load(program, machine), new Input.Memory(ByteString.copyOf(memory)))
                    .last();
        }
    }

    static Batch.Result run(RunnableProgram program, Input... inputs) {
        Diagnostics diagnostics = new Diagnostics();
        var result = new Batch(new PacketFeed(false), 1, 100_000_000).run(program, List.of(inputs), diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return result.orElseThrow();
    }

    static Entry xdp() {
        return new Entry.Context(ProgramType.XDP);
    }

    // Instructions.

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

    static Insn load(Size size, Reg dst, Reg base, int offset) {
        return new Insn.Load(size, false, dst, base, offset);
    }

    static Insn store(Size size, Reg base, int offset, Reg value) {
        return new Insn.Store(size, base, offset, Operand.of(value));
    }

    static Insn store(Size size, Reg base, int offset, int value) {
        return new Insn.Store(size, base, offset, Operand.of(value));
    }

    static Insn jump(JumpOp op, Reg dst, int value, int distance) {
        return new Insn.JumpIf(op, Width.W64, dst, Operand.of(value), distance);
    }

    static Insn jump(JumpOp op, Reg dst, Reg src, int distance) {
        return new Insn.JumpIf(op, Width.W64, dst, Operand.of(src), distance);
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
