package dev.turnout.bpf.layout;

import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes out moves of a register to itself and leads jumps past blocks that are empty then. */
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
        int[] goal = new int[function.blocks().size()];
        Arrays.fill(goal, -1);
        for (int i = 0; i < goal.length; i++) {
            goal[i] = goal(function, i);
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
