package dev.turnout.ir.analysis;

import java.util.Arrays;

/**
 * Which block lies on every way from the entry to which. The algorithm is that of Cooper, Harvey and Kennedy ("A Simple,
 * Fast Dominance Algorithm", 2001): immediate dominators are refined in reverse postorder until nothing changes, which for
 * reducible graphs is after one round.
 */
public final class DominatorTree {
    private final int[] parent;
    private final int[] enter;
    private final int[] leave;
    private final int[] depth;
    private final int[][] children;

    private DominatorTree(int[] parent, int[][] children, int[] enter, int[] leave, int[] depth) {
        this.parent = parent;
        this.children = children;
        this.enter = enter;
        this.leave = leave;
        this.depth = depth;
    }

    public static DominatorTree of(ControlFlowGraph graph) {
        int[] order = graph.order();
        int[] parent = new int[graph.size()];
        Arrays.fill(parent, -1);
        parent[0] = 0;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 1; i < order.length; i++) {
                int block = order[i];
                int found = -1;
                for (int from : graph.predecessors(block)) {
                    if (parent[from] >= 0) {
                        found = found < 0 ? from : meet(graph, parent, from, found);
                    }
                }
                if (parent[block] != found) {
                    parent[block] = found;
                    changed = true;
                }
            }
        }
        parent[0] = -1;
        return numbered(order, parent);
    }

    /** The nearest block above both, in the tree so far: the one later in the order climbs. */
    private static int meet(ControlFlowGraph graph, int[] parent, int a, int b) {
        while (a != b) {
            while (graph.number(a) > graph.number(b)) {
                a = parent[a];
            }
            while (graph.number(b) > graph.number(a)) {
                b = parent[b];
            }
        }
        return a;
    }

    /** Numbers the tree by one walk, so that "dominates" is two comparisons. */
    private static DominatorTree numbered(int[] order, int[] parent) {
        int count = parent.length;
        int[] degree = new int[count];
        for (int block : order) {
            if (parent[block] >= 0) {
                degree[parent[block]]++;
            }
        }
        int[][] children = new int[count][];
        for (int i = 0; i < count; i++) {
            children[i] = new int[degree[i]];
        }
        for (int i = order.length - 1; i > 0; i--) {
            int above = parent[order[i]];
            children[above][--degree[above]] = order[i];
        }
        // Sizes of subtrees bottom up, then numbers top down: a parent stands before its children in the order.
        int[] size = new int[count];
        for (int i = order.length - 1; i >= 0; i--) {
            int block = order[i];
            size[block]++;
            if (parent[block] >= 0) {
                size[parent[block]] += size[block];
            }
        }
        int[] enter = new int[count];
        int[] leave = new int[count];
        int[] depth = new int[count];
        Arrays.fill(enter, -1);
        enter[0] = 0;
        for (int block : order) {
            leave[block] = enter[block] + size[block];
            int next = enter[block] + 1;
            for (int child : children[block]) {
                enter[child] = next;
                depth[child] = depth[block] + 1;
                next += size[child];
            }
        }
        return new DominatorTree(parent, children, enter, leave, depth);
    }

    /** The nearest block that dominates {@code block} and is not it; -1 for the entry and for unreachable blocks. */
    public int parent(int block) {
        return parent[block];
    }

    /** The blocks whose parent this is, in reverse postorder. Not to be written. */
    public int[] children(int block) {
        return children[block];
    }

    /** Steps up to the entry. */
    public int depth(int block) {
        return depth[block];
    }

    /** Whether {@code above} lies on every way to {@code below}; a block dominates itself. False if unreachable. */
    public boolean dominates(int above, int below) {
        return enter[above] >= 0 && enter[below] >= enter[above] && enter[below] < leave[above];
    }
}
