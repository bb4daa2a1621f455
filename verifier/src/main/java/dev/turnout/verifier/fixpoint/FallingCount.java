package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.transfer.Branching;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shows that a loop ends by a count that only falls: a place a block (a register or a cell of the frame) such that along
 * every edge of the loop the count in the one block's place is that in the other's, or less by a constant without going
 * below zero, and that no cycle is without an edge on which it falls. A number that is never negative falls only so often.
 *
 * <p>Unlike the rounds that {@link LoopHead} counts, this asks nothing of the shape of the graph: cycles may have several
 * entries, and a way through the loop may take from the count once, twice or, going on to what follows, not at all. Neither
 * does its cost grow with the count, which only has to be small enough that somebody sees the loop end. What it is told is
 * the states that the fixpoint has proven; one more step through each block says what becomes of which place.
 */
final class FallingCount {
    /** Places are numbers: of registers, and of cells from here on. */
    private static final int CELLS = 16;

    private final ControlFlow flow;
    private final Code code;
    private final Transfer transfer;
    private final BitSet members;
    private final List<Edge> edges = new ArrayList<>();
    /** By block and place, the largest number there. */
    private final Map<Integer, Map<Integer, Long>> most = new HashMap<>();

    private long steps;

    /** Where the number in a place was at the head of the block before, and how much more it was there. */
    private record Origin(int place, long fall) {}

    /**
     * A way on inside the loop.
     *
     * @param origins by place at {@code to}; null where nothing changes
     */
    private record Edge(int from, int to, @Nullable Map<Integer, Origin> origins) {
        @Nullable
        Origin origin(int place) {
            return origins == null ? new Origin(place, 0) : origins.get(place);
        }
    }

    private FallingCount(ControlFlow flow, Code code, Transfer transfer, BitSet members) {
        this.flow = flow;
        this.code = code;
        this.transfer = transfer;
        this.members = members;
    }

    /**
     * What was found.
     *
     * @param ends whether the loop is shown to end
     * @param steps instructions visited
     */
    record Outcome(boolean ends, long steps) {}

    /**
     * Looks for a count.
     *
     * @param active the functions whose frame the loop works in
     * @param trace of the pass that confirmed the loop's head
     */
    static Outcome of(
            ControlFlow flow, Code code, Transfer transfer, Element.Component loop, List<Integer> active, Trace trace) {
        FallingCount count = new FallingCount(flow, code, transfer, loop.members());
        for (Trace.Entry entry : trace.entries()) {
            if (entry.active().equals(active) && loop.members().get(entry.block())) {
                count.block(entry.block(), entry.state());
            }
        }
        for (int b = loop.members().nextSetBit(0); b >= 0; b = loop.members().nextSetBit(b + 1)) {
            for (int to : flow.isHub(b) ? flow.successors(b) : new int[0]) {
                if (loop.members().get(to)) {
                    count.edges.add(new Edge(b, to, null));
                }
            }
        }
        return new Outcome(count.find(loop.head()), count.steps);
    }

    // What edges do

    private void block(int block, State head) {
        State state = head.copy();
        Map<Integer, Integer> named = new HashMap<>();
        Map<Integer, Long> largest = most.computeIfAbsent(block, _ -> new HashMap<>());
        for (int r = 0; r < Reg.R10.number(); r++) {
            if (head.reg(Reg.of(r)) instanceof Value.Scalar scalar) {
                state.put(Reg.of(r), name(state, scalar, r, named));
            }
        }
        Frame frame = head.frame(head.depth());
        Frame renamed = frame;
        for (int i = 0; i < frame.cells(); i++) {
            if (frame.value(i) instanceof Value.Scalar scalar) {
                Value.Scalar value = name(state, scalar, cell(frame.offset(i), frame.width(i)), named);
                renamed = renamed.store(frame.offset(i), frame.width(i), value);
            }
        }
        state.put(head.depth(), renamed);
        named.forEach((symbol, place) ->
                largest.merge(place, state.symbol(symbol).uMax(), (a, b) -> Long.compareUnsigned(a, b) < 0 ? b : a));
        int last = flow.last(block);
        for (int slot = flow.start(block); slot < last; slot = code.next(slot)) {
            transfer.step(state, slot, code.at(slot));
            steps++;
        }
        steps++;
        leave(block, last, state, named);
    }

    private static int cell(int offset, int width) {
        return CELLS + (offset + Frame.BYTES) * 16 + width;
    }

    private static Value.Scalar name(State state, Value.Scalar scalar, int place, Map<Integer, Integer> named) {
        int symbol = state.source().fresh();
        var num = state.num(scalar);
        state.assume(symbol, num);
        named.put(symbol, place);
        return new Value.Scalar(num, Form.symbol(symbol));
    }

    private void leave(int block, int slot, State state, Map<Integer, Integer> named) {
        int[] next = flow.successors(block);
        Insn insn = code.at(slot);
        switch (insn) {
            case Insn.JumpIf jump -> {
                State taken = state.copy();
                if (Branching.assume(taken, jump, true)) {
                    edge(block, next[next.length - 1], taken, named);
                }
                if (Branching.assume(state, jump, false)) {
                    edge(block, next[0], state, named);
                }
            }
            case Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> {
                for (int to : next) {
                    edge(block, to, state, named);
                }
            }
            case Insn.Exit _ -> {}
            case Insn.CallLocal _, Insn.CallIndirect _ -> {
                call(state);
                edge(block, next[0], state, named);
            }
            case Insn.CallHelper helper
            when ControlFlow.callsBack(helper) -> {
                call(state);
                edge(block, next[0], state, named);
            }
            case Insn.CallHelper _,
                    Insn.Alu _,
                    Insn.Neg _,
                    Insn.Swap _,
                    Insn.CastSpace _,
                    Insn.Wide _,
                    Insn.Load _,
                    Insn.Store _,
                    Insn.Atomic _,
                    Insn.PacketLoad _,
                    Insn.CallKernel _ -> {
                transfer.step(state, slot, insn);
                edge(block, next[0], state, named);
            }
        }
    }

    /** A function of the program keeps r6 to r9, and leaves the frame alone if it is not told where that is. */
    private static void call(State state) {
        boolean told = false;
        for (int r = 1; r <= 5; r++) {
            told |= state.reg(Reg.of(r)) instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack;
        }
        if (told) {
            state.put(state.depth(), state.frame(state.depth()).overwrite(-Frame.BYTES, Frame.BYTES, false));
        }
        state.clobber();
        state.put(Reg.R0, Value.Unreadable.VALUE);
    }

    private void edge(int from, int to, State state, Map<Integer, Integer> named) {
        if (!members.get(to)) {
            return;
        }
        Map<Integer, Origin> origins = new TreeMap<>();
        for (int r = 0; r < Reg.R10.number(); r++) {
            note(state.reg(Reg.of(r)), r, state, named, origins);
        }
        Frame frame = state.frame(state.depth());
        for (int i = 0; i < frame.cells(); i++) {
            note(frame.value(i), cell(frame.offset(i), frame.width(i)), state, named, origins);
        }
        edges.add(new Edge(from, to, origins));
    }

    private static void note(
            Value value, int place, State state, Map<Integer, Integer> named, Map<Integer, Origin> origins) {
        if (!(value instanceof Value.Scalar scalar)
                || scalar.form().terms() != 1
                || scalar.form().factorAt(0) != 1) {
            return;
        }
        int symbol = scalar.form().symbolAt(0);
        Integer from = named.get(symbol);
        long change = scalar.form().constant();
        boolean same = change == 0;
        boolean falls = change < 0
                && change > Integer.MIN_VALUE
                // Unsigned: what is at least the fall does not go below zero.
                && Long.compareUnsigned(state.symbol(symbol).uMin(), -change) >= 0;
        if (from != null && (same || falls)) {
            origins.put(place, new Origin(from, -change));
        }
    }

    // The search

    /** The place at one block says the places at all blocks that lead there: so each place at the head is tried. */
    private boolean find(int head) {
        Map<Integer, List<Edge>> into = new HashMap<>();
        TreeSet<Integer> candidates = new TreeSet<>();
        for (Edge edge : edges) {
            into.computeIfAbsent(edge.to, _ -> new ArrayList<>()).add(edge);
            if (edge.to == head && edge.origins != null) {
                candidates.addAll(edge.origins.keySet());
            }
        }
        for (int candidate : candidates) {
            Map<Integer, Integer> places = places(head, candidate, into);
            if (places != null && isSmall(places) && everyCycleFalls(places)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Map<Integer, Integer> places(int head, int candidate, Map<Integer, List<Edge>> into) {
        Map<Integer, Integer> places = new HashMap<>();
        Deque<Integer> pending = new ArrayDeque<>();
        places.put(head, candidate);
        pending.push(head);
        while (!pending.isEmpty()) {
            int block = pending.pop();
            for (Edge edge : into.getOrDefault(block, List.of())) {
                Origin origin = edge.origin(places.getOrDefault(block, candidate));
                if (origin == null) {
                    return null;
                }
                Integer before = places.putIfAbsent(edge.from, origin.place);
                if (before == null) {
                    pending.push(edge.from);
                } else if (before != origin.place) {
                    return null;
                }
            }
        }
        return places;
    }

    private boolean isSmall(Map<Integer, Integer> places) {
        for (Map.Entry<Integer, Map<Integer, Long>> block : most.entrySet()) {
            Long largest = block.getValue().get(places.getOrDefault(block.getKey(), -1));
            if (largest == null || Long.compareUnsigned(largest, RoundGuess.MOST_ROUNDS) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the edges on which the count stays the same make no cycle: blocks that none of them enters go first. */
    private boolean everyCycleFalls(Map<Integer, Integer> places) {
        Map<Integer, Integer> entered = new HashMap<>();
        Map<Integer, List<Integer>> same = new HashMap<>();
        for (Edge edge : edges) {
            Integer place = places.get(edge.to);
            Origin origin = place == null ? null : edge.origin(place);
            if (origin == null) {
                return false;
            }
            if (origin.fall == 0) {
                same.computeIfAbsent(edge.from, _ -> new ArrayList<>()).add(edge.to);
                entered.merge(edge.to, 1, Integer::sum);
            }
        }
        Deque<Integer> free = new ArrayDeque<>();
        for (int block : same.keySet()) {
            if (!entered.containsKey(block)) {
                free.push(block);
            }
        }
        int left = entered.values().stream().mapToInt(Integer::intValue).sum();
        while (!free.isEmpty()) {
            for (int to : same.getOrDefault(free.pop(), List.of())) {
                left--;
                if (entered.merge(to, -1, Integer::sum) == 0) {
                    free.push(to);
                }
            }
        }
        return left == 0;
    }
}
