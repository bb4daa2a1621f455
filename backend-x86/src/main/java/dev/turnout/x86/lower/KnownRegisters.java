package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.cfg.Liveness;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which registers hold which map's address, and which a small constant, as far as a straight line of code says: the loads of them
 * and the copies since the last place that may be jumped to. Compilers load both right before the call, so that is nearly always
 * enough.
 */
final class KnownRegisters {
    private static final int NONE = -1;

    private final int[] maps = new int[Reg.values().length];
    /** Not negative, or {@link #NONE}. */
    private final int[] constants = new int[Reg.values().length];

    private final BitSet targets;

    KnownRegisters(BpfProgram program) {
        this.targets = targets(program);
        forget();
    }

    /** Where control can come from elsewhere: jumps, tables, functions. */
    private static BitSet targets(BpfProgram program) {
        BitSet targets = new BitSet(program.code().size());
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            int next = slot + 1;
            program.code().at(slot).jumpDistance().ifPresent(distance -> targets.set(next + distance));
        }
        for (BranchSite site : program.branchSites()) {
            targets.set(site.target());
        }
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets table) {
                for (int target : table.targets()) {
                    if (target >= 0) {
                        targets.set(target);
                    }
                }
            }
        }
        for (BpfProgram.FunctionRange function : program.functions()) {
            targets.set(function.start());
        }
        return targets;
    }

    private void forget() {
        Arrays.fill(maps, NONE);
        Arrays.fill(constants, NONE);
    }

    /** Comes to the instruction at {@code slot}. */
    void arrive(int slot) {
        if (targets.get(slot)) {
            forget();
        }
    }

    /** The index of the map whose address is in {@code reg}; negative if that is not known. */
    int map(Reg reg) {
        return maps[reg.number()];
    }

    /** The number in {@code reg}, all 64 bits of it; negative if it is not known, or not below 2^31. */
    int constant(Reg reg) {
        return constants[reg.number()];
    }

    /** Goes past an instruction: what it writes is nothing that is known, unless it loads or copies that. */
    void pass(Insn insn) {
        if (insn instanceof Insn.Alu(var op, var width, var dst, Operand.Register(Reg src))
                && op == AluOp.MOV
                && width == Width.W64) {
            maps[dst.number()] = map(src);
            constants[dst.number()] = constant(src);
            return;
        }
        int written = Liveness.writes(insn);
        for (int reg = 0; reg < maps.length; reg++) {
            if ((written >>> reg & 1) != 0) {
                maps[reg] = NONE;
                constants[reg] = NONE;
            }
        }
        if (insn instanceof Insn.Wide wide && wide.kind() == WideKind.MAP_INDEX) {
            maps[wide.dst().number()] = wide.low();
        }
        if (insn instanceof Insn.Alu alu
                && alu.op() == AluOp.MOV
                && alu.src() instanceof Operand.Immediate(int value)
                && value >= 0) {
            constants[alu.dst().number()] = value;
        }
    }
}
