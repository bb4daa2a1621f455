package dev.turnout.bpf.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes of a graph are alike: the coarsest division into classes such that nodes of one class have equal labels and, edge by edge,
 * successors of one class. For types this is structural equality, cycles included: {@code struct list { struct list *next; }} of two
 * objects is one type, for nothing that can be reached from either tells them apart.
 *
 * <p>Classes begin as labels. A node whose successor moved to another class is looked at again; if the members of its class no longer
 * agree, the class is split, and the largest part keeps the class's number. So a node moves at most log n times, and with it each edge
 * is looked at as often: O(e log n), also for a chain of pointers that a hostile file makes as long as it can. Source: Hopcroft, "An n log
 * n algorithm for minimizing states in a finite automaton" (1971); the step by signatures is Paige and Tarjan's (1987).
 */
final class TypeClasses {
    private final int[][] successors;
    private final int[][] predecessors;
    private final int[] classes;
    /** By class, in an order that the input alone decides. */
    private final List<Set<Integer>> members = new ArrayList<>();

    private TypeClasses(int[] labels, int[][] successors) {
        this.successors = successors;
        predecessors = reversed(successors);
        classes = labels.clone();
        for (int node = 0; node < labels.length; node++) {
            while (members.size() <= labels[node]) {
                members.add(new LinkedHashSet<>());
            }
            members.get(labels[node]).add(node);
        }
    }

    /**
     * The class of each node, numbered without order.
     *
     * @param labels equal ones for nodes that may be alike, from 0 on without gaps
     * @param successors of each node, in an order that means something
     */
    static int[] of(int[] labels, int[][] successors) {
        TypeClasses division = new TypeClasses(labels, successors);
        int[] all = new int[labels.length];
        Arrays.setAll(all, node -> node);
        int[] open = all;
        while (open.length > 0) {
            open = division.split(open);
        }
        return division.classes;
    }

    private static int[][] reversed(int[][] edges) {
        int[] counts = new int[edges.length];
        for (int[] ends : edges) {
            for (int end : ends) {
                counts[end]++;
            }
        }
        int[][] back = new int[edges.length][];
        Arrays.setAll(back, node -> new int[counts[node]]);
        for (int node = 0; node < edges.length; node++) {
            for (int end : edges[node]) {
                back[end][--counts[end]] = node;
            }
        }
        return back;
    }

    /** Splits the classes of these nodes where they disagree, and returns those whose successors moved by it. */
    private int[] split(int[] open) {
        // All by the division as it was: one that changes meanwhile would tell equal nodes apart.
        Map<List<Integer>, List<Integer>> groups = new LinkedHashMap<>();
        for (int node : open) {
            groups.computeIfAbsent(signature(node), _ -> new ArrayList<>()).add(node);
        }
        Map<Integer, List<List<Integer>>> byClass = new LinkedHashMap<>();
        groups.forEach((signature, part) -> byClass.computeIfAbsent(signature.getFirst(), _ -> new ArrayList<>())
                .add(part));
        Set<Integer> next = new LinkedHashSet<>();
        byClass.forEach((number, parts) -> {
            for (Collection<Integer> part : moving(number, parts)) {
                int fresh = members.size();
                members.add(new LinkedHashSet<>(part));
                for (int node : part) {
                    classes[node] = fresh;
                    for (int before : predecessors[node]) {
                        next.add(before);
                    }
                }
            }
        });
        return next.stream().mapToInt(Integer::intValue).toArray();
    }

    /** All parts of a class but the largest, which keeps its number. Members that are in none of {@code parts} are a part too. */
    private List<Collection<Integer>> moving(int number, List<List<Integer>> parts) {
        Set<Integer> rest = members.get(number);
        int largest = 0;
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).forEach(rest::remove);
            largest = parts.get(i).size() > parts.get(largest).size() ? i : largest;
        }
        List<Collection<Integer>> moving = new ArrayList<>(parts);
        if (rest.size() < parts.get(largest).size()) {
            members.set(number, new LinkedHashSet<>(moving.remove(largest)));
            if (!rest.isEmpty()) {
                moving.add(rest);
            }
        }
        return moving;
    }

    private List<Integer> signature(int node) {
        List<Integer> signature = new ArrayList<>(successors[node].length + 1);
        signature.add(classes[node]);
        for (int successor : successors[node]) {
            signature.add(classes[successor]);
        }
        return signature;
    }
}
