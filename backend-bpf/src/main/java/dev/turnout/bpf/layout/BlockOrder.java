package dev.turnout.bpf.layout;

import dev.turnout.bpf.machine.BlockWeights;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.ReversePostorder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The order of blocks in the code. Chains of blocks that fall into each other grow from single blocks, edge by edge (after
 * Pettis and Hansen, "Profile Guided Code Positioning", 1990). Plain jumps come before branches, since a jump that is
 * fallen through saves an instruction, and a branch needs none as long as one of its ways is fallen into: this alone puts the
 * test of a loop at its bottom.
 */
public final class BlockOrder {
    private BlockOrder() {}

    private record Edge(int from, int to, double weight, boolean plain, int rank) {}

    /** Numbers of the reachable blocks, the entry first. */
    public static int[] of(MachineFunction function) {
        int count = function.blocks().size();
        int[] reverse = ReversePostorder.of(function);
        int[] number = new int[count];
        Arrays.fill(number, -1);
        for (int i = 0; i < reverse.length; i++) {
            number[reverse[i]] = i;
        }
        double[] weights = BlockWeights.of(function);
        int[] next = new int[count];
        int[] previous = new int[count];
        int[] chain = new int[count];
        Arrays.fill(next, -1);
        Arrays.fill(previous, -1);
        Arrays.setAll(chain, i -> i);
        for (Edge edge : edges(function, reverse, weights)) {
            if (edge.to != 0
                    && next[edge.from] < 0
                    && previous[edge.to] < 0
                    && find(chain, edge.from) != find(chain, edge.to)) {
                next[edge.from] = edge.to;
                previous[edge.to] = edge.from;
                chain[find(chain, edge.to)] = find(chain, edge.from);
            }
        }
        int[] order = new int[reverse.length];
        int done = 0;
        // Chains in the order of their first blocks; cold ones behind all others.
        for (int cold = 0; cold <= 1; cold++) {
            for (int at : reverse) {
                if (previous[at] < 0 && isCold(function, weights, at) == (cold == 1)) {
                    for (int b = at; b >= 0; b = next[b]) {
                        order[done++] = b;
                    }
                }
            }
        }
        return order;
    }

    private static boolean isCold(MachineFunction function, double[] weights, int head) {
        return head != 0 && (function.block(head).isCold() || weights[head] < 1.0 / 32);
    }

    private static int find(int[] chain, int block) {
        int at = block;
        while (chain[at] != at) {
            chain[at] = chain[chain[at]];
            at = chain[at];
        }
        return at;
    }

    private static List<Edge> edges(MachineFunction function, int[] reverse, double[] weights) {
        List<Edge> edges = new ArrayList<>(reverse.length * 2);
        for (int at : reverse) {
            MachineBlock block = function.block(at);
            switch (block.end()) {
                case MachineEnd.Jump jump -> edges.add(new Edge(at, jump.to(), weights[at], true, edges.size()));
                case MachineEnd.Branch branch -> {
                    double taken = likelihood(function, branch.taken());
                    double otherwise = likelihood(function, branch.otherwise());
                    double all = taken + otherwise;
                    // Only one way of a test without a negation is free.
                    boolean plain = !branch.op().hasNegation();
                    edges.add(new Edge(at, branch.otherwise(), weights[at] * otherwise / all, plain, edges.size()));
                    edges.add(new Edge(at, branch.taken(), weights[at] * taken / all, false, edges.size()));
                }
                // These can only be fallen through one way.
                case MachineEnd.MayGoto jump -> edges.add(new Edge(at, jump.next(), weights[at], true, edges.size()));
                case MachineEnd.StaticBranch branch ->
                    edges.add(new Edge(at, branch.otherwise(), weights[at], true, edges.size()));
                case MachineEnd.StaticSwitch choice ->
                    edges.add(new Edge(at, choice.behind(), weights[at], true, edges.size()));
                case MachineEnd.Table _, MachineEnd.Exit _ -> {}
            }
        }
        edges.sort((a, b) -> {
            if (a.plain != b.plain) {
                return a.plain ? -1 : 1;
            }
            int heavier = Double.compare(b.weight, a.weight);
            return heavier != 0 ? heavier : Integer.compare(a.rank, b.rank);
        });
        return edges;
    }

    private static double likelihood(MachineFunction function, int to) {
        return function.block(to).isCold() ? 1.0 / 64 : 1;
    }
}
