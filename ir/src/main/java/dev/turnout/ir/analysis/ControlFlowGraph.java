package dev.turnout.ir.analysis;

import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Target;
import java.util.Arrays;
import java.util.List;

/**
 * The blocks of a function as a graph. A block that is a target twice is a successor twice: edges are counted, since each
 * carries its own arguments.
 */
public final class ControlFlowGraph {
    private final int[][] successors;
    private final int[][] predecessors;
    private final int[] order;
    private final int[] number;

    private ControlFlowGraph(int[][] successors, int[][] predecessors, int[] order, int[] number) {
        this.successors = successors;
        this.predecessors = predecessors;
        this.order = order;
        this.number = number;
    }

    /** Linear in blocks and edges. Every target must be a block of the function. */
    public static ControlFlowGraph of(Function function) {
        int count = function.blocks().size();
        int[][] successors = new int[count][];
        int[] degree = new int[count];
        for (int i = 0; i < count; i++) {
            List<Target> targets = function.blocks().get(i).terminator().targets();
            int[] row = new int[targets.size()];
            for (int j = 0; j < row.length; j++) {
                row[j] = targets.get(j).block().index();
                degree[row[j]]++;
            }
            successors[i] = row;
        }
        int[][] predecessors = new int[count][];
        for (int i = 0; i < count; i++) {
            predecessors[i] = new int[degree[i]];
        }
        for (int i = count - 1; i >= 0; i--) {
            for (int to : successors[i]) {
                predecessors[to][--degree[to]] = i;
            }
        }
        int[] number = new int[count];
        int[] order = reversePostorder(successors, number);
        return new ControlFlowGraph(successors, predecessors, order, number);
    }

    /** Depth first with a stack of our own: a function may have more blocks than the thread's stack has room for. */
    private static int[] reversePostorder(int[][] successors, int[] number) {
        int count = successors.length;
        int[] stack = new int[count];
        int[] left = new int[count];
        int[] postorder = new int[count];
        Arrays.fill(number, -1);
        int depth = 0;
        int done = 0;
        stack[depth++] = 0;
        number[0] = 0;
        left[0] = successors[0].length;
        while (depth > 0) {
            int block = stack[depth - 1];
            if (left[block] == 0) {
                postorder[done++] = block;
                depth--;
                continue;
            }
            // The last target first, so that the first one comes first in the reverse.
            int next = successors[block][--left[block]];
            if (number[next] < 0) {
                number[next] = 0;
                left[next] = successors[next].length;
                stack[depth++] = next;
            }
        }
        int[] order = new int[done];
        for (int i = 0; i < done; i++) {
            order[i] = postorder[done - 1 - i];
            number[order[i]] = i;
        }
        return order;
    }

    /** Number of blocks, reachable or not. */
    public int size() {
        return successors.length;
    }

    /** Where control may go from a block, an entry an edge, in the order of the terminator's targets. Not to be written. */
    public int[] successors(int block) {
        return successors[block];
    }

    /** From where control may come, an entry an edge, in ascending order. Not to be written. */
    public int[] predecessors(int block) {
        return predecessors[block];
    }

    /** The reachable blocks in reverse postorder, the entry first. Not to be written. */
    public int[] order() {
        return order;
    }

    /** The position of a block in {@link #order}, or -1 if it is not reachable. */
    public int number(int block) {
        return number[block];
    }

    public boolean isReachable(int block) {
        return number[block] >= 0;
    }
}
