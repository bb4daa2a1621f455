package dev.turnout.verifier.walk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether every way through the graph of states ends. A run that does not end goes round some part of the graph for ever,
 * each of whose states it reaches from each other. If that part moves a count that the machine bounds, and does not start that count
 * anew, then the run moves it only so often: without those edges what is left of the part must have no cycle either.
 */
final class Termination {
    private final List<Checkpoint> checkpoints;

    /** A way from a checkpoint to one that was reached from it. */
    private record Edge(int from, int to, int counted, int restarted) {}

    Termination(List<Checkpoint> checkpoints) {
        this.checkpoints = checkpoints;
    }

    /** A slot on a cycle that nothing bounds, or -1. */
    int endless() {
        Map<Checkpoint, Integer> numbers = new HashMap<>();
        for (Checkpoint checkpoint : checkpoints) {
            numbers.put(checkpoint, numbers.size());
        }
        List<Edge> edges = new ArrayList<>();
        for (Checkpoint to : checkpoints) {
            int number = Objects.requireNonNull(numbers.get(to));
            Checkpoint before = to.before();
            if (before != null && numbers.containsKey(before)) {
                edges.add(new Edge(numbers.get(before), number, to.counted(), to.restarted()));
            }
            for (Checkpoint.Arrival arrival : to.arrivals()) {
                if (numbers.containsKey(arrival.from())) {
                    edges.add(new Edge(numbers.get(arrival.from()), number, arrival.counted(), arrival.restarted()));
                }
            }
        }
        int node = endless(edges);
        return node < 0 ? -1 : checkpoints.get(node).slot();
    }

    private int endless(List<Edge> edges) {
        List<List<Edge>> parts = new ArrayList<>(cyclicParts(edges));
        while (!parts.isEmpty()) {
            List<Edge> part = parts.removeLast();
            Set<Integer> bounded = new TreeSet<>();
            part.forEach(edge -> bounded.add(edge.counted));
            part.forEach(edge -> bounded.remove(edge.restarted));
            bounded.remove(Checkpoint.NONE);
            if (bounded.isEmpty()) {
                return part.getFirst().to;
            }
            parts.addAll(cyclicParts(part.stream()
                    .filter(edge -> !bounded.contains(edge.counted))
                    .toList()));
        }
        return -1;
    }

    /** The edges of each strongly connected component that has any. */
    private List<List<Edge>> cyclicParts(List<Edge> edges) {
        int[] component = new Components(checkpoints.size(), edges).find();
        Map<Integer, List<Edge>> parts = new HashMap<>();
        for (Edge edge : edges) {
            if (component[edge.from] == component[edge.to]) {
                parts.computeIfAbsent(component[edge.from], _ -> new ArrayList<>())
                        .add(edge);
            }
        }
        return List.copyOf(new TreeMap<>(parts).values());
    }

    /** Tarjan's algorithm, without recursion: paths are long. */
    private static final class Components {
        private final int[] first;
        private final int[] targets;
        private final int[] index;
        private final int[] low;
        private final int[] component;
        private final int[] stack;
        private int height;
        private int next;

        Components(int nodes, List<Edge> edges) {
            first = new int[nodes + 1];
            for (Edge edge : edges) {
                first[edge.from + 1]++;
            }
            for (int i = 0; i < nodes; i++) {
                first[i + 1] += first[i];
            }
            targets = new int[edges.size()];
            int[] at = first.clone();
            for (Edge edge : edges) {
                targets[at[edge.from]++] = edge.to;
            }
            index = new int[nodes];
            low = new int[nodes];
            component = new int[nodes];
            stack = new int[nodes];
            Arrays.fill(component, -1);
        }

        int[] find() {
            int[] path = new int[index.length + 1];
            int[] edge = first.clone();
            for (int root = 0; root < index.length; root++) {
                if (index[root] != 0) {
                    continue;
                }
                int depth = 0;
                path[depth] = root;
                enter(root);
                while (depth >= 0) {
                    int node = path[depth];
                    if (edge[node] < first[node + 1]) {
                        int to = targets[edge[node]++];
                        if (index[to] == 0) {
                            enter(to);
                            path[++depth] = to;
                        } else if (component[to] < 0) {
                            low[node] = Math.min(low[node], index[to]);
                        }
                    } else {
                        leave(node);
                        depth--;
                        if (depth >= 0) {
                            low[path[depth]] = Math.min(low[path[depth]], low[node]);
                        }
                    }
                }
            }
            return component;
        }

        private void enter(int node) {
            index[node] = ++next;
            low[node] = next;
            stack[height++] = node;
        }

        private void leave(int node) {
            if (low[node] != index[node]) {
                return;
            }
            int member;
            do {
                member = stack[--height];
                component[member] = node;
            } while (member != node);
        }
    }
}
