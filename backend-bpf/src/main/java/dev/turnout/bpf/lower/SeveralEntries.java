package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.LoopForest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Cycles that no block dominates, as arms of a labelled switch make them that jump to each other: control enters them in
 * several places. Each block that an edge goes up to, in the order of the walk, counts as the header of a loop, so that every
 * cycle has one; what it holds is all that lies on a cycle with it.
 */
final class SeveralEntries {
    private SeveralEntries() {}

    /** Such headers that natural loops do not have already, with the edges that go up to them as latches. */
    static List<LoopForest.Loop> of(ControlFlowGraph graph, LoopForest loops) {
        if (!loops.irreducible()) {
            return List.of();
        }
        BitSet known = new BitSet();
        loops.loops().forEach(loop -> known.set(loop.header()));
        List<LoopForest.Loop> found = new ArrayList<>();
        for (int header : graph.order()) {
            List<Integer> latches = new ArrayList<>();
            for (int from : graph.predecessors(header)) {
                boolean up = graph.isReachable(from) && graph.number(from) >= graph.number(header);
                if (up && !latches.contains(from)) {
                    latches.add(from);
                }
            }
            if (!latches.isEmpty() && !known.get(header)) {
                found.add(new LoopForest.Loop(header, latches, cycle(graph, header), -1, 1));
            }
        }
        return found;
    }

    private static List<Integer> cycle(ControlFlowGraph graph, int header) {
        BitSet after = reached(graph, header, true);
        after.and(reached(graph, header, false));
        List<Integer> blocks = new ArrayList<>();
        for (int block : graph.order()) {
            if (after.get(block)) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    private static BitSet reached(ControlFlowGraph graph, int from, boolean forward) {
        BitSet seen = new BitSet();
        Deque<Integer> work = new ArrayDeque<>();
        work.push(from);
        while (!work.isEmpty()) {
            int block = work.pop();
            for (int next : forward ? graph.successors(block) : graph.predecessors(block)) {
                if (!seen.get(next) && graph.isReachable(next)) {
                    seen.set(next);
                    work.push(next);
                }
            }
        }
        return seen;
    }
}
