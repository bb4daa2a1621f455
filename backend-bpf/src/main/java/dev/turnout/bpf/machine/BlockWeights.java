package dev.turnout.bpf.machine;

/**
 * How often each block is thought to run for one run of the function: halves at branches, eight rounds a loop, and next to
 * nothing where a hint says so. Only ratios mean anything.
 */
public final class BlockWeights {
    private static final double ROUNDS = 8;
    private static final double COLD = 1.0 / 64;

    private BlockWeights() {}

    /** A weight a block; 0 for blocks that control cannot reach. Linear in edges. */
    public static double[] of(MachineFunction function) {
        int[] order = ReversePostorder.of(function);
        int[] number = new int[function.blocks().size()];
        for (int i = 0; i < order.length; i++) {
            number[order[i]] = i;
        }
        double[] weight = new double[number.length];
        weight[0] = 1;
        for (int at : order) {
            MachineBlock block = function.block(at);
            weight[at] = Math.max(weight[at], 1e-9);
            int[] next = block.end().successors();
            double total = 0;
            for (int to : next) {
                total += share(function, block, to);
            }
            for (int to : next) {
                if (number[to] <= number[at]) {
                    continue; // a back edge: its rounds are in the factor of the loop
                }
                double part = weight[at] * share(function, block, to) / total;
                // Into a loop weight is multiplied, out of it divided: by what the depths say, whatever the edge's
                // share.
                int deeper = function.block(to).depth() - block.depth();
                for (; deeper > 0; deeper--) {
                    part *= ROUNDS;
                }
                weight[to] += part;
            }
        }
        return weight;
    }

    /** What part of its weight a block gives to a successor, before normalisation. */
    private static double share(MachineFunction function, MachineBlock from, int to) {
        MachineBlock next = function.block(to);
        double share = next.isCold() && !from.isCold() ? COLD : 1;
        for (int out = from.depth() - next.depth(); out > 0; out--) {
            share /= ROUNDS;
        }
        return share;
    }
}
