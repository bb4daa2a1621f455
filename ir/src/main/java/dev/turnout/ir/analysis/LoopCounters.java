package dev.turnout.ir.analysis;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the counters of a loop by one another. Two parameters of a header that change by a constant on every edge back
 * move in step, so the one whose interval is known says how often either has moved:
 *
 * <pre>
 * b1(v3: i64, v4: i64):       v3 begins at 63 or below, loses 1 a round and is never 0: at most 62 edges back are taken,
 *     v5 = sub i64 v3, v1     so v4, which begins at 0 and gains 1 a round, is 62 or below, and a test of v4 against 64, as a
 *     v6 = add i64 v4, v1     `limit` makes it, always holds
 * </pre>
 *
 * <p>Why it is sound: an edge back is one from a block that the header dominates, and what it passes was computed since the
 * header was last entered; all other edges begin anew. If {@code x} lies in {@code low..=high} at every visit and moves by
 * {@code s}, where {@code |s|} is less than what is left of the type outside that interval, it cannot wrap around back into
 * it, so it moves {@code (high - low) / |s|} times at most before it begins anew.
 */
final class LoopCounters {
    /** Through no more blocks than these a value is followed. */
    private static final int FAR = 16;

    private final Function function;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final Definitions definitions;
    private final @Nullable Interval[] intervals;

    private LoopCounters(
            Function function,
            ControlFlowGraph graph,
            DominatorTree tree,
            Definitions definitions,
            @Nullable Interval[] intervals) {
        this.function = function;
        this.graph = graph;
        this.tree = tree;
        this.definitions = definitions;
        this.intervals = intervals;
    }

    /**
     * A parameter that every edge back moves by {@code step}.
     *
     * @param first where it begins
     */
    private record Counter(Value parameter, long step, Interval first) {}

    /**
     * Narrows the intervals of counters.
     *
     * @param intervals by value number: hold wherever the value is defined
     * @return whether one became narrower
     */
    static boolean bound(
            Function function,
            ControlFlowGraph graph,
            DominatorTree tree,
            Definitions definitions,
            @Nullable Interval[] intervals) {
        LoopCounters bounds = new LoopCounters(function, graph, tree, definitions, intervals);
        boolean narrower = false;
        for (int header : graph.order()) {
            if (bounds.isHeader(header)) {
                narrower |= bounds.bound(header);
            }
        }
        return narrower;
    }

    /** By value number: the parameters of headers that some edge back gives more than what they were and a constant. */
    static boolean[] others(Function function, ControlFlowGraph graph, DominatorTree tree, Definitions definitions) {
        LoopCounters loops = new LoopCounters(function, graph, tree, definitions, new Interval[0]);
        boolean[] found = new boolean[function.valueCount()];
        for (int header : graph.order()) {
            List<Value> parameters = function.blocks().get(header).parameters();
            for (int i = 0; i < parameters.size() && loops.isHeader(header); i++) {
                found[parameters.get(i).index()] = !loops.counts(header, i);
            }
        }
        return found;
    }

    /** Whether each edge back moves the parameter by a constant or leaves it, though it may have been handed through inner loops. */
    private boolean counts(int header, int position) {
        Value parameter = function.blocks().get(header).parameters().get(position);
        for (Value given : given(header, position, true)) {
            Value from = given;
            if (definitions.op(given) instanceof Operation.Binary op
                    && (op.op() == BinaryOp.ADD || op.op() == BinaryOp.SUB)
                    && definitions.constant(op.b()) != null) {
                from = op.a();
            }
            if (!carries(from, parameter, header, new HashSet<>())) {
                return false;
            }
        }
        return true;
    }

    /** Whether the value is the parameter of the same round, on whatever way it came. */
    private boolean carries(Value value, Value parameter, int header, Set<Value> seen) {
        if (value.equals(parameter) || seen.contains(value)) {
            return true;
        }
        seen.add(value);
        int block = definitions.block(value);
        if (definitions.op(value) != null || block == header || !tree.dominates(header, block) || seen.size() > FAR) {
            return false;
        }
        int position = function.blocks().get(block).parameters().indexOf(value);
        List<Value> all = given(block, position, true);
        all.addAll(given(block, position, false));
        // A reference that passed a bounds test is given by nobody.
        return !all.isEmpty() && all.stream().allMatch(one -> carries(one, parameter, header, seen));
    }

    private boolean isHeader(int block) {
        for (int from : graph.predecessors(block)) {
            if (tree.dominates(block, from)) {
                return true;
            }
        }
        return false;
    }

    private boolean bound(int header) {
        List<Counter> counters = new ArrayList<>();
        Block block = function.blocks().get(header);
        for (int i = 0; i < block.parameters().size(); i++) {
            Counter counter = counter(block, header, i);
            if (counter != null) {
                counters.add(counter);
            }
        }
        if (counters.size() < 2) {
            return false;
        }
        long most = -1;
        for (Counter counter : counters) {
            most = Interval.minUnsigned(most, moves(counter));
        }
        boolean narrower = false;
        for (Counter counter : counters) {
            narrower |= most != -1 && narrow(counter, most);
        }
        return narrower;
    }

    private @Nullable Counter counter(Block block, int header, int position) {
        Value parameter = block.parameters().get(position);
        if (!(parameter.type() instanceof Type.Int type)) {
            return null;
        }
        long step = step(header, position);
        Interval first = Interval.bottom(type);
        for (Value given : given(header, position, false)) {
            Interval known = intervals[given.index()];
            first = known == null ? first : first.join(known);
        }
        return step == 0 || first.isEmpty() ? null : new Counter(parameter, step, first);
    }

    /** By how much each edge back moves a parameter of a header; 0 if they differ, or that is not known. */
    private long step(int header, int position) {
        Value parameter = function.blocks().get(header).parameters().get(position);
        long step = 0;
        for (Value given : given(header, position, true)) {
            long moved = step(given, parameter);
            if (moved == 0 || (step != 0 && step != moved)) {
                return 0;
            }
            step = moved;
        }
        return step;
    }

    /** What a parameter of a header is given on its edges back, or on the others. */
    private List<Value> given(int header, int position, boolean back) {
        List<Value> found = new ArrayList<>();
        for (int from : graph.predecessors(header)) {
            Terminator terminator = function.blocks().get(from).terminator();
            List<Target> targets = terminator.targets();
            for (int i = 0; i < targets.size() && tree.dominates(header, from) == back; i++) {
                int argument = terminator instanceof Terminator.Checked && i == 0 ? position - 1 : position;
                if (targets.get(i).block().index() == header && argument >= 0) {
                    found.add(targets.get(i).arguments().get(argument));
                }
            }
        }
        return found;
    }

    /** By how much {@code next} is more than {@code parameter}, with sign; 0 if that is not known, or nothing. */
    private long step(Value next, Value parameter) {
        if (!(definitions.op(next) instanceof Operation.Binary op) || op.a().index() != parameter.index()) {
            return 0;
        }
        Operation.Const by = definitions.constant(op.b());
        if (by == null || (op.op() != BinaryOp.ADD && op.op() != BinaryOp.SUB)) {
            return 0;
        }
        long amount = by.type().signed(by.value());
        return op.op() == BinaryOp.ADD ? amount : -amount;
    }

    /** How often a counter moves at most before it begins anew; -1, the largest, if nothing says that. */
    private long moves(Counter counter) {
        Interval interval = intervals[counter.parameter().index()];
        if (interval == null || interval.isEmpty()) {
            return -1;
        }
        long width = interval.high() - interval.low();
        long step = Math.abs(counter.step());
        long outside = interval.type().mask() - width;
        return step > 0 && Long.compareUnsigned(step, outside) <= 0 ? Long.divideUnsigned(width, step) : -1;
    }

    private boolean narrow(Counter counter, long most) {
        Interval first = counter.first();
        long room = counter.step() > 0 ? first.type().mask() - first.high() : first.low();
        long step = Math.abs(counter.step());
        if (step <= 0 || Long.compareUnsigned(most, Long.divideUnsigned(room, step)) > 0) {
            return false;
        }
        Interval bounded = counter.step() > 0
                ? Interval.of(first.type(), first.low(), first.high() + most * step)
                : Interval.of(first.type(), first.low() - most * step, first.high());
        int value = counter.parameter().index();
        Interval old = intervals[value];
        Interval now = old == null ? bounded : old.meet(bounded);
        intervals[value] = now;
        return !now.equals(old);
    }
}
