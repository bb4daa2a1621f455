package dev.turnout.bpf.layout;

import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Blocks that would fall into one which the way to them led through. Linux 6.1 takes loops, but only those that a jump closes:
 * where control falls from an instruction that is no jump into one that the kernel's depth-first walk is still in, it refuses
 * the program ("back-edge from insn 59 to 60"; measured, 6.12 does not). A jump of no distance there is enough.
 */
final class FallsUp {
    private FallsUp() {}

    /**
     * Numbers of the blocks.
     *
     * @param order of the blocks in the code
     */
    static BitSet of(MachineFunction function, int[] order) {
        int count = function.blocks().size();
        int[] next = new int[count];
        for (int i = 0; i + 1 < order.length; i++) {
            next[order[i]] = order[i + 1];
        }
        BitSet found = new BitSet();
        BitSet seen = new BitSet();
        BitSet open = new BitSet();
        Deque<Integer> path = new ArrayDeque<>();
        Deque<Iterator<Integer>> left = new ArrayDeque<>();
        path.push(order[0]);
        seen.set(order[0]);
        open.set(order[0]);
        left.push(successors(function, order[0], next[order[0]]));
        while (!path.isEmpty()) {
            int at = path.peek();
            if (!left.peek().hasNext()) {
                open.clear(path.pop());
                left.pop();
                continue;
            }
            int to = left.peek().next();
            if (open.get(to) && to == next[at] && function.block(at).end() instanceof MachineEnd.Jump) {
                found.set(at);
            }
            if (!seen.get(to)) {
                seen.set(to);
                open.set(to);
                path.push(to);
                left.push(successors(function, to, next[to]));
            }
        }
        return found;
    }

    /** In the kernel's order: what is fallen into first. */
    private static Iterator<Integer> successors(MachineFunction function, int block, int next) {
        List<Integer> all = new java.util.ArrayList<>();
        for (int to : function.block(block).end().successors()) {
            all.add(to == next ? 0 : all.size(), to);
        }
        return all.iterator();
    }
}
