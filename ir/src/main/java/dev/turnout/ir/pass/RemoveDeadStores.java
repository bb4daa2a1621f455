package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.AliasAnalysis;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Removes stores that nobody reads: to bytes of a slot that are not read before the function ends, and to any place that is
 * overwritten on every way before somebody can look.
 *
 * <pre>
 * b0(v0: i32, v1: ptr&lt;packet&gt;):             b0(v0: i32, v1: ptr&lt;packet&gt;):
 *     v2 = slot 8 align 8 "key"                 v2 = slot 8 align 8 "key"
 *     store i32 v0 to v2                        store i32 v0 to v2
 *     v4 = helper i32 look(v2) quiet            v4 = helper i32 look(v2) quiet
 *     store i32 v4 to v2 + 4            =&gt;      store i32 v0 to v1
 *     store i32 v4 to v1                        return v4
 *     store i32 v0 to v1
 *     return v4
 * </pre>
 *
 * <p>Two dataflows against the direction of time. Of slots whose address stays here: which bytes may be read. Loads read, and so
 * does a helper that is given the address, from there to the slot's end, so that what it must find initialised stays. Of all
 * other memory: which places will be overwritten on all ways. Reading it, a call, an atomic operation and leaving the function
 * make that void; so what others may see between two such points is still one of the values that were there, as the language
 * has it. The address of a place must be the same there, so it is forgotten in front of the definition of what it is made of.
 *
 * <p>Sets of bits by block: the function times its bytes of slots and its places. Past {@value #MOST} of these it is left alone.
 */
public final class RemoveDeadStores {
    private static final int MOST = 4000;

    private final Draft draft;
    private final ControlFlowGraph graph;
    private final AliasAnalysis aliases;

    /** By object: the number of a slot's first byte, and its size. */
    private final Map<Integer, Integer> firstByte = new HashMap<>();

    private final Map<Integer, Integer> sizes = new HashMap<>();
    private int bytes;

    /** The places outside of such slots that are stored to. */
    private final List<AliasAnalysis.Place> places = new ArrayList<>();

    private final Map<AliasAnalysis.Place, Integer> numbers = new HashMap<>();
    private final Map<AliasAnalysis.Place, BitSet> read = new HashMap<>();
    private boolean changed;

    /**
     * What is known in front of an instruction.
     *
     * @param live bytes of slots that may be read before they are written
     * @param doomed places that are written on every way before anybody reads them
     */
    private record State(BitSet live, BitSet doomed) {}

    private RemoveDeadStores(Function function) {
        draft = new Draft(function);
        graph = ControlFlowGraph.of(function);
        aliases = AliasAnalysis.of(function);
        for (Inst inst : function.entry().insts()) {
            if (inst.op() instanceof Operation.Slot slot) {
                AliasAnalysis.Place place = aliases.at(inst.result(), 0, slot.size());
                if (place != null && aliases.isPrivate(place)) {
                    firstByte.put(place.root(), bytes);
                    sizes.put(place.root(), slot.size());
                    bytes += slot.size();
                }
            }
        }
        for (int block : graph.order()) {
            for (Inst inst : draft.block(block).insts) {
                AliasAnalysis.Place place = inst.op() instanceof Operation.Store ? aliases.access(inst.op()) : null;
                if (place != null && !aliases.isPrivate(place) && numbers.putIfAbsent(place, places.size()) == null) {
                    places.add(place);
                }
            }
        }
    }

    public static Function run(Function function) {
        RemoveDeadStores pass = new RemoveDeadStores(function);
        int size = pass.bytes + pass.places.size();
        return size == 0 || size > MOST ? function : pass.run();
    }

    private Function run() {
        @Nullable State[] starts = new State[draft.size()];
        boolean moving = true;
        while (moving) {
            moving = false;
            for (int i = graph.order().length - 1; i >= 0; i--) {
                int block = graph.order()[i];
                State state = atEnd(block, starts);
                walk(draft.block(block), state, false);
                if (!state.equals(starts[block])) {
                    starts[block] = state;
                    moving = true;
                }
            }
        }
        for (int block : graph.order()) {
            walk(draft.block(block), atEnd(block, starts), true);
        }
        return changed ? draft.freeze() : draft.function();
    }

    /** Where nothing follows, nothing of a slot is read and everything else is seen. */
    private State atEnd(int block, @Nullable State[] starts) {
        State state = new State(new BitSet(), new BitSet());
        boolean first = true;
        for (int to : graph.successors(block)) {
            State start = starts[to];
            if (start == null) {
                continue;
            }
            state.live.or(start.live);
            if (first) {
                state.doomed.or(start.doomed);
                first = false;
            } else {
                state.doomed.and(start.doomed);
            }
        }
        if (draft.block(block).terminator instanceof Terminator.TailCall) {
            state.doomed.clear();
        }
        return state;
    }

    private void walk(Draft.DraftBlock block, State state, boolean removing) {
        List<Inst> insts = block.insts;
        BitSet dead = new BitSet();
        for (int i = insts.size() - 1; i >= 0; i--) {
            Inst inst = insts.get(i);
            forget(inst.result(), state);
            if (inst.op() instanceof Operation.Store store) {
                if (store(aliases.access(store), state)) {
                    dead.set(i);
                }
            } else {
                reads(inst.op(), state);
            }
        }
        block.parameters.forEach(parameter -> forget(parameter, state));
        if (removing && !dead.isEmpty()) {
            List<Inst> kept = new ArrayList<>(insts.size());
            for (int i = 0; i < insts.size(); i++) {
                if (!dead.get(i)) {
                    kept.add(insts.get(i));
                }
            }
            block.insts = kept;
            changed = true;
        }
    }

    /** In front of its definition a value is another one, and so is a place whose address it makes. */
    private void forget(Value value, State state) {
        for (int root : aliases.movedBy(value)) {
            for (int i = state.doomed.nextSetBit(0); i >= 0; i = state.doomed.nextSetBit(i + 1)) {
                if (places.get(i).root() == root) {
                    state.doomed.clear(i);
                }
            }
        }
    }

    /** Whether a store is dead; if it is not, what it says about its place. */
    private boolean store(AliasAnalysis.@Nullable Place place, State state) {
        if (place == null) {
            return false;
        }
        Integer number = numbers.get(place);
        if (number == null) {
            return storeToSlot(place, state.live);
        }
        for (int i = state.doomed.nextSetBit(0); i >= 0; i = state.doomed.nextSetBit(i + 1)) {
            if (places.get(i).covers(place)) {
                return true;
            }
        }
        state.doomed.set(number);
        return false;
    }

    private boolean storeToSlot(AliasAnalysis.Place place, BitSet live) {
        int object = aliases.object(place);
        Integer first = firstByte.get(object);
        if (first == null) {
            return false;
        }
        if (place.root() != object) {
            int next = live.nextSetBit(first);
            return next < 0 || next >= first + sizes.getOrDefault(object, 0);
        }
        int from = first + (int) place.offset();
        int next = live.nextSetBit(from);
        if (next < 0 || next >= from + place.bytes()) {
            return true;
        }
        live.clear(from, from + place.bytes());
        return false;
    }

    private void reads(Operation op, State state) {
        if (op.effect() == Effect.CALLS) {
            state.doomed.clear();
        }
        AliasAnalysis.Place access = aliases.access(op);
        if (access != null) {
            state.doomed.andNot(read.computeIfAbsent(access, this::met));
            readSlot(access, access.bytes(), state.live);
        } else if (op instanceof Operation.CallHelper call) {
            for (Value argument : call.arguments()) {
                AliasAnalysis.Place place = aliases.at(argument, 0, 0);
                if (place != null) {
                    readSlot(place, Integer.MAX_VALUE, state.live);
                }
            }
        }
    }

    private BitSet met(AliasAnalysis.Place place) {
        BitSet met = new BitSet();
        for (int i = 0; i < places.size(); i++) {
            met.set(i, aliases.mayMeet(place, places.get(i)));
        }
        return met;
    }

    private void readSlot(AliasAnalysis.Place place, int length, BitSet live) {
        int object = aliases.object(place);
        Integer first = firstByte.get(object);
        if (first == null) {
            return;
        }
        int size = sizes.getOrDefault(object, 0);
        if (place.root() != object) {
            live.set(first, first + size);
        } else {
            int from = Math.clamp(place.offset(), 0, size);
            live.set(first + from, first + (int) Math.min(size, from + (long) length));
        }
    }
}
