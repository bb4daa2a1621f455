package dev.turnout.bpf.regalloc;

import static dev.turnout.bpf.machine.MachineFunction.FIRST_VIRTUAL;

import dev.turnout.bpf.machine.BlockWeights;
import dev.turnout.bpf.machine.MachineFunction;
import java.util.Arrays;

/** Gives machine registers to virtual ones, spilling until all fit. */
public final class RegisterAllocator {
    /**
     * Rounds until it must have converged. Each round leaves only ranges of one instruction where it spilled; a function
     * that needs more than a handful is a bug of ours.
     */
    private static final int ROUNDS = 64;

    private RegisterAllocator() {}

    /** Allocates; {@code function} is rewritten where registers are spilled. */
    public static Allocation allocate(MachineFunction function) {
        double[] weights = BlockWeights.of(function);
        boolean[] unspillable = new boolean[0];
        int spilled = 0;
        int repeated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            InterferenceGraph graph = InterferenceGraph.of(function, Liveness.of(function), weights);
            Coloring coloring = new Coloring(graph, unspillable);
            IntList uncolored = coloring.run();
            if (uncolored.isEmpty()) {
                return new Allocation(coloring.colors(), spilled, repeated);
            }
            int[] home = new int[graph.count];
            Arrays.fill(home, Spiller.STAYS);
            SlotSharing slots = new SlotSharing(function, graph);
            IntList[] members = members(graph, coloring);
            for (int i = 0; i < uncolored.size(); i++) {
                int node = uncolored.at(i);
                if (node < unspillable.length && unspillable[node]) {
                    throw new IllegalStateException("no register for a temporary of " + function.name());
                }
                if (members[node].size() == 1 && graph.repeatable[node]) {
                    home[node] = Spiller.REPEATED;
                    repeated++;
                    continue;
                }
                spilled++;
                int slot = slots.slotFor(members[node]);
                for (int k = 0; k < members[node].size(); k++) {
                    home[members[node].at(k)] = slot;
                }
            }
            boolean[] before = unspillable;
            int first = function.registerCount();
            Spiller.rewrite(function, home);
            unspillable = Arrays.copyOf(before, function.registerCount());
            Arrays.fill(unspillable, first, unspillable.length, true);
        }
        throw new IllegalStateException("register allocation of " + function.name() + " does not converge");
    }

    /** The registers that each node stands for. */
    private static IntList[] members(InterferenceGraph graph, Coloring coloring) {
        IntList[] members = new IntList[graph.count];
        Arrays.setAll(members, _ -> new IntList());
        for (int r = FIRST_VIRTUAL; r < graph.count; r++) {
            members[coloring.representative(r)].add(r);
        }
        return members;
    }
}
