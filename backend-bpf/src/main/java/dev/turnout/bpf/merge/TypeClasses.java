package dev.turnout.bpf.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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
    /** Of each node the edges that end in it: where they begin, and as which successor. */
    private final List<List<Edge>> entering;

    private final int[] classes;
    /** By class, in an order that the input alone decides. */
    private final List<Set<Integer>> members = new ArrayList<>();

    private record Edge(int from, int position) {}

    private TypeClasses(int[] labels, int[][] successors) {
        entering = entering(successors);
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
        Map<Integer, List<Long>> open = new LinkedHashMap<>();
        for (int node = 0; node < labels.length; node++) {
            List<Long> all = new ArrayList<>(successors[node].length);
            for (int i = 0; i < successors[node].length; i++) {
                all.add(leadsTo(i, labels[successors[node][i]]));
            }
            open.put(node, all);
        }
        while (!open.isEmpty()) {
            open = division.split(open);
        }
        return division.classes;
    }

    private static List<List<Edge>> entering(int[][] successors) {
        List<List<Edge>> all = new ArrayList<>(successors.length);
        for (int node = 0; node < successors.length; node++) {
            all.add(new ArrayList<>(1));
        }
        for (int node = 0; node < successors.length; node++) {
            for (int i = 0; i < successors[node].length; i++) {
                all.get(successors[node][i]).add(new Edge(node, i));
            }
        }
        return all;
    }

    private static long leadsTo(int position, int number) {
        return (long) position << 32 | number;
    }

    /**
     * Splits classes where their members no longer agree.
     *
     * @param open nodes whose successors moved, with the successors that did and their classes now. The members of a class agreed before, so
     *     these alone tell them apart: a struct of a thousand members is not looked at whole each time that one of them moves
     * @return the same of what moved by it
     */
    private Map<Integer, List<Long>> split(Map<Integer, List<Long>> open) {
        Map<Integer, Map<List<Long>, List<Integer>>> byClass = new LinkedHashMap<>();
        open.forEach((node, moved) -> {
            Collections.sort(moved);
            byClass.computeIfAbsent(classes[node], _ -> new LinkedHashMap<>())
                    .computeIfAbsent(moved, _ -> new ArrayList<>())
                    .add(node);
        });
        Map<Integer, List<Long>> next = new LinkedHashMap<>();
        byClass.forEach((number, parts) -> {
            for (Collection<Integer> part : moving(number, List.copyOf(parts.values()))) {
                int fresh = members.size();
                members.add(new LinkedHashSet<>(part));
                for (int node : part) {
                    classes[node] = fresh;
                    for (Edge edge : entering.get(node)) {
                        next.computeIfAbsent(edge.from, _ -> new ArrayList<>()).add(leadsTo(edge.position, fresh));
                    }
                }
            }
        });
        return next;
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
}
