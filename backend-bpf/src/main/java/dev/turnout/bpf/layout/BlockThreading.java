package dev.turnout.bpf.layout;

import dev.turnout.bpf.machine.BlockWeights;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes out moves of a register to itself, leads jumps past blocks that are empty then, and keeps one of equal rare exits. */
public final class BlockThreading {
    private BlockThreading() {}

    /**
     * Rewrites the function in place.
     *
     * @param register machine register by virtual register
     */
    public static void run(MachineFunction function, int[] register) {
        for (MachineBlock block : function.blocks()) {
            dropIdentities(block, register);
        }
        int[] same = sameExits(function);
        int[] goal = new int[function.blocks().size()];
        Arrays.fill(goal, -1);
        for (int i = 0; i < goal.length; i++) {
            goal[i] = same[goal(function, i)];
        }
        for (MachineBlock block : function.blocks()) {
            MachineEnd end = block.end().retargeted(to -> goal[to]);
            if (end instanceof MachineEnd.Branch branch && branch.taken() == branch.otherwise()) {
                end = new MachineEnd.Jump(branch.taken());
            }
            if (end instanceof MachineEnd.Jump jump) {
                MachineBlock to = function.block(jump.to());
                if (to.insns().isEmpty() && to.end() instanceof MachineEnd.Exit) {
                    block.end(to.end(), to.endPlace());
                    continue;
                }
            }
            block.end(end);
        }
    }

    /**
     * Which block serves for each: of those that do the same and leave, and that control seldom gets to, the first. Others
     * keep their own, since one of them would have to be jumped to where it was fallen into.
     */
    private static int[] sameExits(MachineFunction function) {
        double[] weights = BlockWeights.of(function);
        int[] same = new int[weights.length];
        Map<List<MachineInsn>, Integer> first = new HashMap<>();
        for (MachineBlock block : function.blocks()) {
            int at = block.number();
            boolean seldom = at != 0 && weights[at] > 0 && (block.isCold() || weights[at] < 1.0 / 32);
            same[at] = seldom && block.end() instanceof MachineEnd.Exit
                    ? first.computeIfAbsent(List.copyOf(block.insns()), _ -> at)
                    : at;
        }
        return same;
    }

    private static void dropIdentities(MachineBlock block, int[] register) {
        List<MachineInsn> kept = new ArrayList<>(block.insns().size());
        List<Location> places = new ArrayList<>(block.insns().size());
        for (int i = 0; i < block.insns().size(); i++) {
            MachineInsn insn = block.insns().get(i);
            if (!(insn instanceof MachineInsn.Move(int dst, int src)) || register[dst] != register[src]) {
                kept.add(insn);
                places.add(block.at(i));
            }
        }
        block.replaceAll(kept, places);
    }

    /** Where a jump to a block ends up; a circle of empty blocks stays as it is. */
    private static int goal(MachineFunction function, int from) {
        int at = from;
        for (int steps = 0; steps < function.blocks().size(); steps++) {
            MachineBlock block = function.block(at);
            if (block.insns().isEmpty() && block.end() instanceof MachineEnd.Jump jump && jump.to() != at) {
                at = jump.to();
            } else {
                return at;
            }
        }
        return from;
    }
}
