package dev.turnout.bpf.regalloc;

import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which registers cannot be one, which moves join which, and what it would cost to keep a register in the frame. A move's
 * source does not interfere with its destination: that both hold the same value is the point of coalescing.
 */
final class InterferenceGraph {
    final int count;
    final EdgeSet edges = new EdgeSet();
    final IntList[] neighbours;
    final int[] degree;
    final IntList[] movesOf;
    final IntList moveDst = new IntList();
    final IntList moveSrc = new IntList();
    /** Weight of each move: how often it and the others between its two ends are thought to run. */
    double[] moveWeight = new double[16];
    /** Weighted number of accesses. */
    final double[] cost;
    /** Whether the only write is an instruction that can be repeated anywhere. */
    final boolean[] repeatable;

    private InterferenceGraph(int count) {
        this.count = count;
        this.neighbours = new IntList[count];
        this.movesOf = new IntList[count];
        this.degree = new int[count];
        this.cost = new double[count];
        this.repeatable = new boolean[count];
        for (int i = 0; i < count; i++) {
            neighbours[i] = new IntList();
            movesOf[i] = new IntList();
        }
    }

    static InterferenceGraph of(MachineFunction function, Liveness liveness, double[] weights) {
        InterferenceGraph graph = new InterferenceGraph(function.registerCount());
        int[] writes = new int[graph.count];
        for (MachineBlock block : function.blocks()) {
            if (weights[block.number()] > 0) {
                graph.scan(block, liveness.liveOut(block.number()).clone(), weights[block.number()], writes);
            }
        }
        for (int r = 0; r < MachineFunction.FIRST_VIRTUAL; r++) {
            graph.degree[r] = Integer.MAX_VALUE / 2;
        }
        for (int r = 0; r < graph.count; r++) {
            graph.repeatable[r] &= writes[r] == 1;
        }
        graph.addUp();
        return graph;
    }

    /** Gives each move the weight of all moves between its two ends: they go together or not at all. */
    private void addUp() {
        Map<Long, Double> sums = new HashMap<>();
        for (int move = 0; move < moveDst.size(); move++) {
            sums.merge(pair(move), moveWeight[move], Double::sum);
        }
        for (int move = 0; move < moveDst.size(); move++) {
            moveWeight[move] = sums.getOrDefault(pair(move), 0.0);
        }
    }

    private long pair(int move) {
        int a = moveDst.at(move);
        int b = moveSrc.at(move);
        return (long) Math.min(a, b) << 32 | Math.max(a, b);
    }

    private void scan(MachineBlock block, long[] live, double weight, int[] writes) {
        for (int k = 0; k < 2; k++) {
            read(block.end().read(k), live, weight);
        }
        List<MachineInsn> insns = block.insns();
        for (int i = insns.size() - 1; i >= 0; i--) {
            MachineInsn insn = insns.get(i);
            if (insn instanceof MachineInsn.Move move) {
                Liveness.remove(live, move.src());
                addMove(move.dst(), move.src(), weight);
            }
            int arguments = insn.arguments();
            if (arguments >= 0) {
                for (int r = 0; r <= 5; r++) {
                    interfere(r, live);
                }
                for (int r = 0; r <= 5; r++) {
                    Liveness.remove(live, r);
                }
            }
            int target = insn.written();
            if (target >= 0) {
                writes[target]++;
                repeatable[target] = insn instanceof MachineInsn.Constant
                        || insn instanceof MachineInsn.Address
                        || insn instanceof MachineInsn.SlotAddress;
                cost[target] += weight;
                interfere(target, live);
                Liveness.remove(live, target);
            }
            for (int k = 0; k < 3; k++) {
                read(insn.read(k), live, weight);
            }
            for (int r = 1; r <= arguments; r++) {
                Liveness.add(live, r);
            }
        }
    }

    private void read(int register, long[] live, double weight) {
        if (register >= 0) {
            cost[register] += weight;
            Liveness.add(live, register);
        }
    }

    private void interfere(int register, long[] live) {
        for (int w = 0; w < live.length; w++) {
            for (long left = live[w]; left != 0; left &= left - 1) {
                join(register, (w << 6) + Long.numberOfTrailingZeros(left));
            }
        }
    }

    /** Makes two registers interfere; machine registers keep no lists. */
    void join(int a, int b) {
        if (a == b || a == 10 || b == 10 || !edges.add(a, b)) {
            return;
        }
        if (a >= MachineFunction.FIRST_VIRTUAL) {
            neighbours[a].add(b);
            degree[a]++;
        }
        if (b >= MachineFunction.FIRST_VIRTUAL) {
            neighbours[b].add(a);
            degree[b]++;
        }
    }

    private void addMove(int dst, int src, double weight) {
        if (dst == src || dst == 10 || src == 10) {
            return;
        }
        int move = moveDst.size();
        moveDst.add(dst);
        moveSrc.add(src);
        if (move == moveWeight.length) {
            moveWeight = java.util.Arrays.copyOf(moveWeight, move * 2);
        }
        moveWeight[move] = weight;
        movesOf[dst].add(move);
        movesOf[src].add(move);
    }
}
