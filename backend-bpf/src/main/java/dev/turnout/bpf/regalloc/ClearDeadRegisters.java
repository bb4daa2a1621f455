package dev.turnout.bpf.regalloc;

import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Location;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Clears registers that hold nothing of use where a loop converges. Linux 6.12 compares them, too, when it asks whether a
 * round is like one before: a switch leaves as many ranges of its value behind as it has arms, and no state fits into
 * another. A 64-way switch in a loop took 30,580 steps and takes 1,126 with the value's register cleared; kernels since
 * 6.15 find out by themselves what is dead. One move a register and round.
 *
 * <p>Left alone is what looks alike in every round: registers that are only read from memory or set to constants in the
 * loop, and never compared.
 */
public final class ClearDeadRegisters {
    private static final int REGISTERS = 10;

    private final MachineFunction function;
    private final int[] register;

    private ClearDeadRegisters(MachineFunction function, int[] register) {
        this.function = function;
        this.register = register;
    }

    /**
     * Rewrites the function in place.
     *
     * @param register machine register by virtual register
     */
    public static void run(MachineFunction function, int[] register) {
        boolean converges = false;
        for (MachineBlock block : function.blocks()) {
            converges |= block.end() instanceof MachineEnd.MayGoto;
        }
        if (converges) {
            new ClearDeadRegisters(function, register).run();
        }
    }

    private void run() {
        Liveness liveness = Liveness.of(function);
        List<List<Integer>> predecessors = predecessors();
        for (MachineBlock block : function.blocks()) {
            if (block.end() instanceof MachineEnd.MayGoto jump) {
                BitSet varying = varying(cycle(block.number(), jump.next(), predecessors));
                long[] live = liveness.liveOut(block.number());
                for (int r = 0; r < register.length; r++) {
                    if (r < live.length << 6 && Liveness.has(live, r)) {
                        varying.clear(register[r]);
                    }
                }
                Location at = block.endPlace();
                varying.stream().filter(r -> r < REGISTERS).forEach(r -> block.add(new MachineInsn.Constant(r, 0), at));
            }
        }
    }

    private List<List<Integer>> predecessors() {
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < function.blocks().size(); i++) {
            all.add(new ArrayList<>());
        }
        for (MachineBlock block : function.blocks()) {
            for (int to : block.end().successors()) {
                all.get(to).add(block.number());
            }
        }
        return all;
    }

    /** The blocks between a checkpoint and its next visit. */
    private BitSet cycle(int checkpoint, int next, List<List<Integer>> predecessors) {
        BitSet before = new BitSet();
        Deque<Integer> work = new ArrayDeque<>();
        work.push(checkpoint);
        while (!work.isEmpty()) {
            for (int from : predecessors.get(work.pop())) {
                if (!before.get(from)) {
                    before.set(from);
                    work.push(from);
                }
            }
        }
        BitSet after = new BitSet();
        work.push(next);
        after.set(next);
        while (!work.isEmpty()) {
            for (int to : function.block(work.pop()).end().successors()) {
                if (!after.get(to) && before.get(to)) {
                    after.set(to);
                    work.push(to);
                }
            }
        }
        after.and(before);
        return after;
    }

    /** Machine registers that may look different from round to round. */
    private BitSet varying(BitSet blocks) {
        BitSet found = new BitSet();
        for (int at = blocks.nextSetBit(0); at >= 0; at = blocks.nextSetBit(at + 1)) {
            MachineBlock block = function.block(at);
            for (MachineInsn insn : block.insns()) {
                switch (insn) {
                    case MachineInsn.Load load when load.size() != Size.DW -> {}
                    case MachineInsn.Constant _, MachineInsn.Address _, MachineInsn.SlotAddress _ -> {}
                    default -> add(found, insn.written()); // Computed, moved, or given by a call.
                }
                if (insn.arguments() >= 0) {
                    found.set(0);
                }
            }
            for (int i = 0; i < 2; i++) {
                add(found, block.end().read(i));
            }
        }
        return found;
    }

    private void add(BitSet found, int virtual) {
        if (virtual >= 0) {
            found.set(register[virtual]);
        }
    }
}
