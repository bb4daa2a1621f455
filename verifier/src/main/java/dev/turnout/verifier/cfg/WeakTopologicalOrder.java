package dev.turnout.verifier.cfg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A weak topological order of a function's blocks: a sequence of blocks and components, where a component is a head and
 * again such a sequence, and every edge that goes backward goes to the head of a component that holds its source. So a
 * fixpoint that widens at heads alone converges, whatever the graph. Source: Bourdoncle, "Efficient chaotic iteration
 * strategies with widenings", 1993; made here by cutting strongly connected components at their first block, level by
 * level, without recursion into the graph.
 *
 * @param elements in order
 * @param depth how deep components nest
 */
public record WeakTopologicalOrder(List<Element> elements, int depth) {
    /** Deeper nests than any program has; their order would cost a pass over the function a level. */
    public static final int MOST_DEPTH = 64;

    /** A block, or a loop. */
    public sealed interface Element {
        record Vertex(int block) implements Element {}

        /**
         * @param head the block where it is entered
         * @param body the other blocks
         * @param members all blocks, the head too
         */
        record Component(int head, List<Element> body, BitSet members) implements Element {}
    }

    public WeakTopologicalOrder {
        elements = List.copyOf(elements);
    }

    public static WeakTopologicalOrder of(ControlFlow flow) {
        int n = flow.blocks();
        int[][] successors = new int[n][];
        BitSet members = new BitSet(n);
        for (int b = 0; b < n; b++) {
            successors[b] = flow.successors(b);
            if (flow.isReachable(b)) {
                members.set(b);
            }
        }
        Builder builder = new Builder(successors);
        List<Element> elements = builder.order(members, new int[] {0}, -1, 1);
        return new WeakTopologicalOrder(elements, builder.deepest);
    }

    private static final class Builder {
        private final int[][] successors;
        private final int[] index;
        private final int[] low;
        private final int[] stack;
        private final int[] path;
        private final int[] edge;
        private int deepest;

        Builder(int[][] successors) {
            this.successors = successors;
            int n = successors.length;
            this.index = new int[n];
            this.low = new int[n];
            this.stack = new int[n];
            this.path = new int[n];
            this.edge = new int[n];
        }

        /** The order of the subgraph {@code members} without the block {@code cut}, entered at {@code entries}. */
        List<Element> order(BitSet members, int[] entries, int cut, int level) {
            deepest = Math.max(deepest, level);
            List<int[]> components = components(members, entries, cut);
            List<Element> elements = new ArrayList<>(components.size());
            for (int i = components.size() - 1; i >= 0; i--) {
                int[] blocks = components.get(i);
                int head = blocks[0];
                if (blocks.length == 1 && !isSuccessor(head, head)) {
                    elements.add(new Element.Vertex(head));
                    continue;
                }
                BitSet inside = new BitSet();
                for (int block : blocks) {
                    inside.set(block);
                }
                List<Element> body = level >= MOST_DEPTH ? List.of() : order(inside, successors[head], head, level + 1);
                elements.add(new Element.Component(head, body, inside));
            }
            return elements;
        }

        private boolean isSuccessor(int from, int to) {
            for (int next : successors[from]) {
                if (next == to) {
                    return true;
                }
            }
            return false;
        }

        /** Tarjan's algorithm with its own stack; components in reverse topological order, each with its first block first. */
        private List<int[]> components(BitSet members, int[] entries, int cut) {
            for (int b = members.nextSetBit(0); b >= 0; b = members.nextSetBit(b + 1)) {
                index[b] = 0;
            }
            List<int[]> found = new ArrayList<>();
            int counter = 1;
            int height = 0;
            for (int entry : entries) {
                if (entry == cut || !members.get(entry) || index[entry] != 0) {
                    continue;
                }
                int depth = 0;
                path[depth] = entry;
                edge[depth] = 0;
                index[entry] = counter;
                low[entry] = counter++;
                stack[height++] = entry;
                while (depth >= 0) {
                    int block = path[depth];
                    if (edge[depth] < successors[block].length) {
                        int next = successors[block][edge[depth]++];
                        if (next == cut || !members.get(next)) {
                            continue;
                        }
                        if (index[next] == 0) {
                            depth++;
                            path[depth] = next;
                            edge[depth] = 0;
                            index[next] = counter;
                            low[next] = counter++;
                            stack[height++] = next;
                        } else if (index[next] > 0) {
                            low[block] = Math.min(low[block], index[next]);
                        }
                        continue;
                    }
                    if (low[block] == index[block]) {
                        int from = height;
                        do {
                            from--;
                        } while (stack[from] != block);
                        int[] component = Arrays.copyOfRange(stack, from, height);
                        for (int b : component) {
                            index[b] = -1;
                        }
                        height = from;
                        found.add(component);
                    }
                    depth--;
                    if (depth >= 0) {
                        low[path[depth]] = Math.min(low[path[depth]], low[block]);
                    }
                }
            }
            return found;
        }
    }
}
