package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a load would read from the store or load that was there last, on every way here. Where ways with different
 * contents meet, the block gets a parameter.
 *
 * <pre>
 * b0(v0: i1, v1: i32, v2: ptr&lt;packet&gt;):   b0(v0: i1, v1: i32, v2: ptr&lt;packet&gt;):
 *     branch v0 ? b1 : b2                       branch v0 ? b1 : b2
 * b1:                                       b1:
 *     store i32 v1 to v2 + 4                    store i32 v1 to v2 + 4
 *     jump b3                                   jump b3(v1)
 * b2:                                  =&gt;   b2:
 *     v3 = load i32 v2 + 4                      v3 = load i32 v2 + 4
 *     store i16 v9 to v2                        store i16 v9 to v2
 *     jump b3                                   jump b3(v3)
 * b3:                                       b3(v4: i32):
 *     v5 = load i32 v2 + 4                      return v4
 *     return v5
 * </pre>
 *
 * <p>{@link NumberValues} does the same where one block is on every way to the other and no store to the region lies between.
 * Here {@link dev.turnout.ir.analysis.AliasAnalysis} says which stores can meet the place, and a dataflow of what is available says it of all ways.
 *
 * <p>Memory that others reach, values of maps and globals, is read again behind every call and every atomic operation, as the
 * language has it: between those it may be read once. Packet, context and slots would be the same behind most calls, and are read
 * again all the same: a register that is kept over a call is dearer than a load. Parameters at the heads of loops are made for
 * slots only that nobody else sees: a value that a loop carries in memory is one that Linux's verifier need not follow.
 *
 * <p>A narrow load out of a wide store becomes its constant or its low part; other parts cost as much as they save.
 *
 * <p>Sets of bits by block: the function times its places. Past {@value #MOST_PLACES} places it is left alone.
 */
public final class ForwardMemory {
    private static final int MOST_PLACES = 2000;

    private final Draft draft;
    private final ControlFlowGraph graph;
    private final MemoryCells cells;
    private final BitSet[] atStart;

    /** By block, what was stored or loaded last into a cell and is still there at the end. */
    private final List<Map<Integer, Value>> atEnd = new ArrayList<>();

    private final Map<Integer, Contents> contents = new HashMap<>();
    private boolean changed;

    private ForwardMemory(Function function, MemoryCells cells) {
        draft = new Draft(function);
        this.cells = cells;
        graph = ControlFlowGraph.of(function);
        atStart = new BitSet[draft.size()];
    }

    public static Function run(Function function) {
        MemoryCells cells = MemoryCells.of(function);
        return cells.size() == 0 || cells.size() > MOST_PLACES ? function : new ForwardMemory(function, cells).run();
    }

    private Function run() {
        available();
        for (int i = 0; i < draft.size(); i++) {
            atEnd.add(Map.of());
        }
        for (int block : graph.order()) {
            atEnd.set(block, lastOnes(draft.block(block)));
        }
        for (int block : graph.order()) {
            forward(draft.block(block));
        }
        return changed ? draft.freeze() : draft.function();
    }

    /** What is known at the start of each block, on all ways to it: the greatest solution. */
    private void available() {
        BitSet[] known = new BitSet[draft.size()];
        BitSet[] lost = new BitSet[draft.size()];
        for (int block : graph.order()) {
            known[block] = new BitSet();
            lost[block] = new BitSet();
            for (Inst inst : draft.block(block).insts) {
                BitSet kills = cells.kills(inst);
                lost[block].or(kills);
                known[block].andNot(kills);
                int cell = cells.of(inst.op());
                if (cell >= 0) {
                    known[block].set(cell);
                }
            }
        }
        BitSet[] atEnds = new BitSet[draft.size()];
        boolean growing = true;
        while (growing) {
            growing = false;
            for (int block : graph.order()) {
                BitSet start = meet(block, atEnds);
                BitSet end = (BitSet) start.clone();
                end.andNot(lost[block]);
                end.or(known[block]);
                atStart[block] = start;
                if (!end.equals(atEnds[block])) {
                    atEnds[block] = end;
                    growing = true;
                }
            }
        }
    }

    private BitSet meet(int block, @Nullable BitSet[] atEnds) {
        BitSet start = new BitSet();
        boolean any = false;
        if (block != 0) {
            for (int from : graph.predecessors(block)) {
                BitSet end = atEnds[from];
                if (end != null && graph.isReachable(from)) {
                    if (any) {
                        start.and(end);
                    } else {
                        start.or(end);
                        any = true;
                    }
                }
            }
        }
        for (Value parameter : draft.block(block).parameters) {
            start.andNot(cells.movedBy(parameter));
        }
        return start;
    }

    /** Replays a block: a load of something known is no news. */
    private Map<Integer, Value> lastOnes(Draft.DraftBlock block) {
        BitSet known = (BitSet) atStart[block.index].clone();
        Map<Integer, Value> last = new HashMap<>();
        for (Inst inst : block.insts) {
            BitSet kills = cells.kills(inst);
            known.andNot(kills);
            last.keySet().removeIf(kills::get);
            int cell = cells.of(inst.op());
            if (cell >= 0) {
                if (inst.op() instanceof Operation.Store store) {
                    last.put(cell, store.value());
                } else if (!known.get(cell)) {
                    last.put(cell, inst.result());
                }
                known.set(cell);
            }
        }
        return last;
    }

    private void forward(Draft.DraftBlock block) {
        BitSet known = (BitSet) atStart[block.index].clone();
        Map<Integer, Value> last = new HashMap<>();
        List<Inst> kept = new ArrayList<>(block.insts.size());
        for (Inst inst : block.insts) {
            BitSet kills = cells.kills(inst);
            known.andNot(kills);
            last.keySet().removeIf(kills::get);
            int cell = cells.of(inst.op());
            if (cell < 0) {
                kept.add(inst);
                continue;
            }
            if (inst.op() instanceof Operation.Store store) {
                last.put(cell, store.value());
                known.set(cell);
                kept.add(inst);
                continue;
            }
            Value found = known.get(cell) ? value(cell, block.index, last) : null;
            if (found != null) {
                draft.replace(inst.result(), found);
                changed = true;
            } else {
                kept.add(part(inst, cell, block.index, known, last));
                if (!known.get(cell)) {
                    last.put(cell, inst.result());
                }
            }
            known.set(cell);
        }
        block.insts = kept;
    }

    /** The low part or the constant that a wider known cell gives, in the place of a load; else the load. */
    private Inst part(Inst load, int cell, int block, BitSet known, Map<Integer, Value> last) {
        for (int wide : cells.around(cell)) {
            if (known.get(wide)) {
                Value whole = value(wide, block, last);
                Operation op = whole == null ? null : cells.part(cell, wide, draft.resolve(whole));
                if (op != null) {
                    changed = true;
                    return new Inst(load.result(), op, load.at());
                }
            }
        }
        return load;
    }

    private @Nullable Value value(int cell, int block, Map<Integer, Value> last) {
        Value here = last.get(cell);
        return here != null
                ? here
                : contents.computeIfAbsent(cell, Contents::new).at(block);
    }

    /** What one cell holds at the start of each block where that is known. */
    private final class Contents {
        private final int cell;
        private final @Nullable Value[] starts = new Value[draft.size()];

        /** What a block would have as parameter; it has it if somebody asks. */
        private final @Nullable Value[] joins = new Value[draft.size()];

        private final Map<Integer, Integer> blockOf = new HashMap<>();

        private final Set<Integer> made = new HashSet<>();
        private final Map<Integer, Boolean> possible = new HashMap<>();

        /** Joins appear where different values meet, and stay: each block changes at most twice. */
        Contents(int cell) {
            this.cell = cell;
            boolean moving = true;
            while (moving) {
                moving = false;
                for (int block : graph.order()) {
                    if (joins[block] == null && atStart[block].get(cell)) {
                        Value met = meet(block);
                        moving |= !Objects.equals(met, starts[block]);
                        starts[block] = met;
                    }
                }
            }
        }

        private @Nullable Value meet(int block) {
            Value met = null;
            for (int from : graph.predecessors(block)) {
                Value end = graph.isReachable(from) ? end(from) : null;
                if (met != null && end != null && !end.equals(met)) {
                    Value join = draft.fresh(met.type());
                    joins[block] = join;
                    blockOf.put(join.index(), block);
                    return join;
                }
                met = met == null ? end : met;
            }
            return met;
        }

        private @Nullable Value end(int block) {
            Value last = atEnd.get(block).get(cell);
            return last != null ? last : starts[block];
        }

        /** The value at the start of a block, with the parameters that it needs; null if they are not to be made. */
        @Nullable
        Value at(int block) {
            Value found = starts[block];
            if (found == null) {
                return null;
            }
            List<Integer> needed = new ArrayList<>();
            if (!collect(found, needed)) {
                return null;
            }
            for (int join : needed) {
                if (made.add(join)) {
                    make(join);
                }
            }
            return found;
        }

        /** The blocks that need a parameter for the value; false if one of them may not have it. */
        private boolean collect(Value found, List<Integer> needed) {
            List<Integer> work = new ArrayList<>();
            Set<Integer> seen = new HashSet<>();
            ask(found, work, seen);
            while (!work.isEmpty()) {
                int block = work.removeLast();
                if (!possible.computeIfAbsent(block, this::mayJoin)) {
                    return false;
                }
                needed.add(block);
                for (int from : graph.predecessors(block)) {
                    Value end = graph.isReachable(from) ? end(from) : null;
                    if (end != null) {
                        ask(end, work, seen);
                    }
                }
            }
            return true;
        }

        private void ask(Value value, List<Integer> work, Set<Integer> seen) {
            Integer block = blockOf.get(value.index());
            if (block != null && seen.add(block)) {
                work.add(block);
            }
        }

        private boolean mayJoin(int block) {
            if (cells.isHidden(cell)) {
                return true;
            }
            for (int from : graph.predecessors(block)) {
                if (graph.number(from) >= graph.number(block)) {
                    return false;
                }
            }
            return true;
        }

        private void make(int block) {
            Value join = joins[block];
            if (join == null) {
                throw new IllegalStateException("b" + block + " joins nothing");
            }
            draft.block(block).parameters.add(join);
            Set<Integer> done = new HashSet<>();
            for (int from : graph.predecessors(block)) {
                Value end = graph.isReachable(from) && done.add(from) ? end(from) : null;
                if (end != null) {
                    Draft.DraftBlock before = draft.block(from);
                    before.terminator = before.terminator.map(
                            value -> value, target -> target.block().index() == block ? longer(target, end) : target);
                }
            }
        }
    }

    private static Target longer(Target target, Value given) {
        List<Value> arguments = new ArrayList<>(target.arguments());
        arguments.add(given);
        return new Target(target.block(), arguments);
    }
}
