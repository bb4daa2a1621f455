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
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which registers hold which map's address, as far as a straight line of code says: the loads of maps and the copies of them
 * since the last place that may be jumped to. Compilers load the map right before the call, so that is nearly always enough.
 */
final class KnownMaps {
    private static final int NONE = -1;

    private final int[] maps = new int[Reg.values().length];
    private final BitSet targets;

    KnownMaps(BpfProgram program) {
        this.targets = targets(program);
        forget();
    }

    /** Where control can come from elsewhere: jumps, tables, functions. */
    private static BitSet targets(BpfProgram program) {
        BitSet targets = new BitSet(program.code().size());
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            int here = slot;
            switch (program.code().at(slot)) {
                case Insn.Jump jump -> targets.set(here + 1 + jump.distance());
                case Insn.JumpIf jump -> targets.set(here + 1 + jump.distance());
                case Insn.MayGoto jump -> targets.set(here + 1 + jump.distance());
                default -> {} // Everything else jumps through what is read below, or not at all.
            }
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
    }

    /** Comes to the instruction at {@code slot}. */
    void arrive(int slot) {
        if (targets.get(slot)) {
            forget();
        }
    }

    /** The index of the map whose address is in {@code reg}; negative if that is not known. */
    int in(Reg reg) {
        return maps[reg.number()];
    }

    /** Goes past an instruction. */
    void pass(Insn insn) {
        switch (insn) {
            case Insn.Wide wide -> maps[wide.dst().number()] = wide.kind() == WideKind.MAP_INDEX ? wide.low() : NONE;
            case Insn.Alu alu ->
                maps[alu.dst().number()] = alu.op() == AluOp.MOV
                                && alu.width() == Width.W64
                                && alu.src() instanceof Operand.Register(Reg src)
                        ? in(src)
                        : NONE;
            case Insn.Neg neg -> maps[neg.dst().number()] = NONE;
            case Insn.Swap swap -> maps[swap.dst().number()] = NONE;
            case Insn.Load load -> maps[load.dst().number()] = NONE;
            case Insn.CastSpace cast -> maps[cast.dst().number()] = NONE;
            case Insn.Atomic atomic -> {
                maps[Reg.R0.number()] = NONE;
                maps[atomic.value().number()] = NONE;
            }
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.PacketLoad _ ->
                Arrays.fill(maps, Reg.R0.number(), Reg.R6.number(), NONE);
            case Insn.Store _, Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _ -> {}
            case Insn.JumpIndirect _, Insn.Exit _ -> {}
        }
    }
}
