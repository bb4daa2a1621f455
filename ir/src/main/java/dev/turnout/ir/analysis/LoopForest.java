package dev.turnout.ir.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The natural loops of a function. An edge back to a block that dominates its source makes that block the header of a loop,
 * whose body is everything from which the source can be reached without passing the header. Loops with one header are one
 * loop. A cycle that has no block dominating the rest (control enters it in two places) is irreducible: it is noted, and is
 * no loop here.
 */
public final class LoopForest {
    private final List<Loop> loops;
    private final int[] innermost;
    private final boolean irreducible;

    private LoopForest(List<Loop> loops, int[] innermost, boolean irreducible) {
        this.loops = List.copyOf(loops);
        this.innermost = innermost;
        this.irreducible = irreducible;
    }

    /**
     * A loop.
     *
     * @param header the block that dominates all others
     * @param latches blocks with an edge back to the header, ascending
     * @param blocks all blocks, those of inner loops included, in reverse postorder; the header first
     * @param parent position in {@link #loops()} of the loop around it; -1 if there is none
     * @param depth 1 for an outermost loop
     */
    public record Loop(int header, List<Integer> latches, List<Integer> blocks, int parent, int depth) {}

    /** Linear in edges times the depth of nesting. */
    public static LoopForest of(ControlFlowGraph graph, DominatorTree tree) {
        int[] innermost = new int[graph.size()];
        Arrays.fill(innermost, -1);
        boolean irreducible = false;
        List<Loop> loops = new ArrayList<>();
        // Outer headers come before inner ones in reverse postorder, so that the last loop to claim a block is the
        // innermost.
        for (int header : graph.order()) {
            List<Integer> latches = new ArrayList<>();
            for (int from : graph.predecessors(header)) {
                if (tree.dominates(header, from)) {
                    if (latches.isEmpty() || latches.getLast() != from) {
                        latches.add(from);
                    }
                } else if (graph.isReachable(from) && graph.number(from) >= graph.number(header)) {
                    irreducible = true;
                }
            }
            if (!latches.isEmpty()) {
                int parent = innermost[header];
                int depth = parent < 0 ? 1 : loops.get(parent).depth() + 1;
                List<Integer> blocks = body(graph, header, latches);
                for (int block : blocks) {
                    innermost[block] = loops.size();
                }
                loops.add(new Loop(header, List.copyOf(latches), blocks, parent, depth));
            }
        }
        return new LoopForest(loops, innermost, irreducible);
    }

    private static List<Integer> body(ControlFlowGraph graph, int header, List<Integer> latches) {
        boolean[] inside = new boolean[graph.size()];
        int[] work = new int[graph.size()];
        int depth = 0;
        inside[header] = true;
        for (int latch : latches) {
            if (!inside[latch]) {
                inside[latch] = true;
                work[depth++] = latch;
            }
        }
        while (depth > 0) {
            for (int from : graph.predecessors(work[--depth])) {
                if (!inside[from] && graph.isReachable(from)) {
                    inside[from] = true;
                    work[depth++] = from;
                }
            }
        }
        List<Integer> blocks = new ArrayList<>();
        for (int i = graph.number(header); i < graph.order().length; i++) {
            if (inside[graph.order()[i]]) {
                blocks.add(graph.order()[i]);
            }
        }
        return List.copyOf(blocks);
    }

    /** All loops; an outer one stands before those in it. */
    public List<Loop> loops() {
        return loops;
    }

    /** Position of the innermost loop around a block; -1 if there is none. */
    public int innermost(int block) {
        return innermost[block];
    }

    /** How many loops there are around a block. */
    public int depth(int block) {
        return innermost[block] < 0 ? 0 : loops.get(innermost[block]).depth();
    }

    /** Whether a loop contains a block. */
    public boolean contains(int loop, int block) {
        for (int at = innermost[block]; at >= 0; at = loops.get(at).parent()) {
            if (at == loop) {
                return true;
            }
        }
        return false;
    }

    /** Whether some cycle is no natural loop. */
    public boolean irreducible() {
        return irreducible;
    }
}
