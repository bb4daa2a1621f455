package dev.turnout.verifier.cfg;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.Code;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which registers may still be read, at the start of each block of a function: a backward analysis, a bit a register. What
 * is dead may be forgotten at a join, so that it neither keeps states apart nor slows a loop down.
 */
public final class Liveness {
    private static final int ARGUMENTS = 0b111110;

    private final int[] liveIn;

    private Liveness(int[] liveIn) {
        this.liveIn = liveIn;
    }

    public static Liveness of(ControlFlow flow, Code code) {
        int n = flow.blocks();
        int[] uses = new int[n];
        int[] defs = new int[n];
        for (int b = 0; b < n && !flow.isHub(b); b++) {
            for (int slot = flow.start(b); ; slot = code.next(slot)) {
                Insn insn = code.at(slot);
                uses[b] |= reads(insn) & ~defs[b];
                defs[b] |= writes(insn);
                if (slot == flow.last(b)) {
                    break;
                }
            }
        }
        return new Liveness(settled(flow, uses, defs));
    }

    /**
     * By a work list: the set of a block only grows, at most once a register, so the work is bounded by the edges, however the
     * code jumps. Passes over all blocks would be as many as there are blocks if each jumped to the one before it.
     */
    private static int[] settled(ControlFlow flow, int[] uses, int[] defs) {
        int n = flow.blocks();
        List<List<Integer>> predecessors = new ArrayList<>(n);
        int[] pending = new int[n];
        BitSet waits = new BitSet(n);
        for (int b = 0; b < n; b++) {
            predecessors.add(new ArrayList<>(2));
            pending[b] = b;
            waits.set(b);
        }
        for (int b = 0; b < n; b++) {
            for (int next : flow.successors(b)) {
                predecessors.get(next).add(b);
            }
        }
        int[] live = uses.clone();
        int count = n;
        while (count > 0) {
            // From behind, where most that is known comes from.
            int block = pending[--count];
            waits.clear(block);
            for (int from : predecessors.get(block)) {
                int more = live[block] & ~defs[from] & ~live[from];
                if (more != 0) {
                    live[from] |= more;
                    if (!waits.get(from)) {
                        waits.set(from);
                        pending[count++] = from;
                    }
                }
            }
        }
        return live;
    }

    /** Whether {@code reg} may be read before it is written, from the start of {@code block} on. */
    public boolean isLive(int block, Reg reg) {
        return reg == Reg.R10 || (liveIn[block] >>> reg.number() & 1) != 0;
    }

    private static int bit(Reg reg) {
        return 1 << reg.number();
    }

    private static int bit(Operand operand) {
        return operand instanceof Operand.Register register ? bit(register.reg()) : 0;
    }

    /** Registers that the instruction may read, a bit a register. */
    public static int reads(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> bit(alu.src()) | (alu.op().readsDestination() ? bit(alu.dst()) : 0);
            case Insn.Neg neg -> bit(neg.dst());
            case Insn.Swap swap -> bit(swap.dst());
            case Insn.CastSpace cast -> bit(cast.src());
            case Insn.Wide _, Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _ -> 0;
            case Insn.Load load -> bit(load.base());
            case Insn.Store store -> bit(store.base()) | bit(store.value());
            case Insn.Atomic atomic ->
                bit(atomic.base())
                        | (atomic.op() == AtomicOp.LOAD_ACQUIRE ? 0 : bit(atomic.value()))
                        | (atomic.op() == AtomicOp.CMPXCHG ? bit(Reg.R0) : 0);
            case Insn.PacketLoad load -> bit(Reg.R6) | (load.indexed() ? bit(load.index()) : 0);
            case Insn.JumpIf jump -> bit(jump.dst()) | bit(jump.src());
            case Insn.JumpIndirect jump -> bit(jump.target());
            case Insn.CallHelper call ->
                HelperFunction.ofId(call.id())
                        .map(helper -> (1 << (helper.mostArguments() + 1)) - 2)
                        .orElse(ARGUMENTS);
            case Insn.CallLocal _, Insn.CallKernel _ -> ARGUMENTS;
            case Insn.CallIndirect call -> ARGUMENTS | bit(call.target());
            case Insn.Exit _ -> bit(Reg.R0);
        };
    }

    /** Registers that the instruction may write, a bit a register. */
    public static int writes(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> bit(alu.dst());
            case Insn.Neg neg -> bit(neg.dst());
            case Insn.Swap swap -> bit(swap.dst());
            case Insn.CastSpace cast -> bit(cast.dst());
            case Insn.Wide wide -> bit(wide.dst());
            case Insn.Load load -> bit(load.dst());
            case Insn.Atomic atomic ->
                atomic.op() == AtomicOp.CMPXCHG
                        ? bit(Reg.R0)
                        : atomic.op() == AtomicOp.LOAD_ACQUIRE || atomic.op().fetches() ? bit(atomic.value()) : 0;
            case Insn.Store _, Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIf _, Insn.JumpIndirect _ -> 0;
            case Insn.Exit _ -> 0;
            case Insn.PacketLoad _, Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _ ->
                ARGUMENTS | bit(Reg.R0);
        };
    }
}
