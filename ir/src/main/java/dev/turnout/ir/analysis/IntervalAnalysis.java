package dev.turnout.ir.analysis;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between which numbers each integer of a function lies, by abstract interpretation. Each value has one interval that holds
 * wherever it is defined. Beside that there are facts: what the branches, cases, bounds tests and claims on the way to a
 * block say of values there. A fact holds in its block and all blocks that it dominates, so that {@link #at} narrows a
 * value's interval by those facts about it, and about what it is computed from, whose blocks dominate the place.
 *
 * <p>The intervals start empty and grow, in sweeps over the blocks in reverse postorder, until nothing changes: then they
 * contain all that can happen. Parameters of loop headers are widened to the constants of the function (and those beside
 * them), since a loop's bound is most often one of these; two or three sweeps downwards win back what widening gave away. So
 * {@code for i in 0..n} gives {@code i} the interval {@code 0..=n - 1} in its body, whether {@code n} is a constant or only
 * known to be small. Counters that move in step bound one another ({@link LoopCounters}).
 *
 * <p>A claim ({@code prove}) is taken as a fact behind itself: a program in which it does not hold is rejected, so each
 * claim is judged on the condition that those before it hold.
 *
 * <p>What holds of a loop's parameter only because it held in the round before is induction. A verifier that runs the code does
 * not find it out, if it forgets what it saw where a loop does not end soon: {@link #withoutInduction} starts from nothing there.
 *
 * <p>Nothing is known of what is loaded or returned beyond its width, and of an {@code opaque} value nothing at all.
 */
public final class IntervalAnalysis {
    /** Visits of a loop header after which ends go to the extremes of the type, and after which nothing is kept. */
    private static final int WIDEN_AFTER = 2;

    private static final int WIDEN_FAR_AFTER = 8;
    private static final int GIVE_UP_AFTER = 14;

    /** More sweeps than these do not occur; if they did, everything would be declared unknown. */
    private static final int MOST_SWEEPS = 200;

    private static final int NARROWING_SWEEPS = 3;
    private static final int DEEPEST = 4;

    private final Function function;
    private final boolean inductive;

    /** Values that start from what their type can hold, and not from nothing. */
    private final boolean[] forgotten;

    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final Definitions definitions;
    private final @Nullable Interval[] intervals;
    private final boolean[] reached;
    private final int[] visits;
    private final boolean[] header;
    private final long[] thresholds;

    /** What holds on entry to a block because of how it was entered. */
    private final @Nullable Facts[] entryFacts;

    /** What holds at the end of a block because of the claims in it. */
    private final @Nullable Facts[] claimFacts;

    /** Blocks that have facts about a value. */
    private final @Nullable List<Integer>[] factBlocks;

    private boolean changed;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private IntervalAnalysis(Function function, boolean inductive) {
        this.function = function;
        this.inductive = inductive;
        graph = ControlFlowGraph.of(function);
        tree = DominatorTree.of(graph);
        definitions = Definitions.of(function);
        int values = function.valueCount();
        int blocks = function.blocks().size();
        intervals = new Interval[values];
        factBlocks = new List[values];
        reached = new boolean[blocks];
        visits = new int[blocks];
        header = new boolean[blocks];
        entryFacts = new Facts[blocks];
        claimFacts = new Facts[blocks];
        thresholds = thresholds(function);
        forgotten = inductive ? new boolean[values] : LoopCounters.others(function, graph, tree, definitions);
        for (int block : graph.order()) {
            for (int from : graph.predecessors(block)) {
                header[block] |= graph.isReachable(from) && graph.number(from) >= graph.number(block);
            }
        }
    }

    /** Facts about values, each at most once. */
    static final class Facts {
        final List<Value> values = new ArrayList<>();
        final List<Interval> intervals = new ArrayList<>();
        boolean contradiction;

        @Nullable
        Interval about(Value value) {
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i).index() == value.index()) {
                    return intervals.get(i);
                }
            }
            return null;
        }

        /** What both say: they are of two ways to one block. */
        Facts join(Facts other) {
            Facts both = new Facts();
            for (int i = 0; i < values.size(); i++) {
                Interval there = other.about(values.get(i));
                if (there != null) {
                    both.add(values.get(i), intervals.get(i).join(there));
                }
            }
            return both;
        }

        void add(Value value, Interval interval) {
            contradiction |= interval.isEmpty();
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i).index() == value.index()) {
                    Interval both = intervals.get(i).meet(interval);
                    contradiction |= both.isEmpty();
                    intervals.set(i, both);
                    return;
                }
            }
            values.add(value);
            intervals.add(interval);
        }
    }

    public static IntervalAnalysis of(Function function) {
        return of(function, true);
    }

    /**
     * The same without what holds of a loop's parameter only because it held in the round before: not that {@code best} is an
     * index, where each round sets it to a counter or leaves it. What rounds do not change, and counters, which each round moves
     * by a constant, are known all the same, the latter as far as a test of their own bounds them. Never says more than {@link #of}.
     */
    public static IntervalAnalysis withoutInduction(Function function) {
        return of(function, false);
    }

    private static IntervalAnalysis of(Function function, boolean inductive) {
        IntervalAnalysis analysis = new IntervalAnalysis(function, inductive);
        analysis.run();
        return analysis;
    }

    /** Whether control may come to the block. */
    public boolean reaches(Label block) {
        return reached[block.index()];
    }

    /**
     * What holds of {@code value} wherever control is in {@code block}: at its beginning, or from the value's definition on
     * if that stands in it. Empty if control does not come there.
     *
     * @throws IllegalArgumentException if the value is no integer
     */
    public Interval at(Value value, Label block) {
        return integer(value) == null ? notAnInteger(value) : query(value, block.index());
    }

    /**
     * What holds of {@code value} just before the instruction at position {@code index} of {@code block}: also what the
     * claims before that position say. The number of instructions stands for the terminator.
     */
    public Interval at(Value value, Label block, int index) {
        Interval found = at(value, block);
        List<Inst> insts = function.block(block).insts();
        Facts facts = new Facts();
        for (int i = 0; i < index; i++) {
            if (insts.get(i).op() instanceof Operation.Prove claim) {
                claim(claim, block.index(), facts);
            }
        }
        return facts.values.isEmpty() ? found : found.meet(refined(value, block.index(), facts, DEEPEST));
    }

    /**
     * What holds of {@code value} wherever it is defined: what its definition says, and not what is compared later.
     *
     * @throws IllegalArgumentException if the value is no integer
     */
    public Interval everywhere(Value value) {
        return integer(value) == null ? notAnInteger(value) : interval(value);
    }

    /**
     * What holds of {@code value} if control leaves {@code from} by its target number {@code target}: a value that is known
     * in {@code from}, or one that the target's block computes from its parameters. Empty if control does not go that way.
     * For a block that is no header of a loop: there, what a value was in the round before would be taken for what it is.
     */
    public Interval through(Label from, int target, Value value) {
        int block = from.index();
        Facts facts = edge(block, target);
        if (!reached[block] || facts.contradiction) {
            return Interval.bottom(typeOf(value));
        }
        Terminator terminator = function.block(from).terminator();
        Target way = terminator.targets().get(target);
        List<Value> parameters = function.block(way.block()).parameters();
        int skipped = terminator instanceof Terminator.Checked && target == 0 ? 1 : 0;
        Facts given = new Facts();
        for (int i = skipped; i < parameters.size(); i++) {
            Value argument = way.arguments().get(i - skipped);
            if (integer(argument) != null) {
                given.add(parameters.get(i), refined(argument, block, facts, DEEPEST));
            }
        }
        for (int i = 0; i < given.values.size(); i++) {
            facts.add(given.values.get(i), given.intervals.get(i));
        }
        return refined(value, block, facts, DEEPEST);
    }

    private static Interval notAnInteger(Value value) {
        throw new IllegalArgumentException(value + " is " + value.type() + ", not an integer");
    }

    private Interval query(Value value, int block) {
        Type.Int type = typeOf(value);
        return reached[block] ? refined(value, block, null, DEEPEST) : Interval.bottom(type);
    }

    private static Type.@Nullable Int integer(Value value) {
        return value.type() instanceof Type.Int type ? type : null;
    }

    private static Type.Int typeOf(Value value) {
        return value.type() instanceof Type.Int type ? type : Type.Int.I64;
    }

    private Interval interval(Value value) {
        Interval known = intervals[value.index()];
        return known == null ? Interval.bottom(typeOf(value)) : known;
    }

    /** The interval of a value by its definition, met with the facts that hold in a block and with {@code more}. */
    private Interval refined(Value value, int block, @Nullable Facts more, int depth) {
        Interval found = interval(value);
        if (found.isConstant() || found.isEmpty()) {
            return found;
        }
        List<Integer> blocks = factBlocks[value.index()];
        if (blocks != null) {
            for (int from : blocks) {
                if (tree.dominates(from, block)) {
                    Facts entry = entryFacts[from];
                    Interval fact = entry == null ? null : entry.about(value);
                    found = fact == null ? found : found.meet(fact);
                    // The claims of the block itself hold only behind them.
                    Facts claims = from == block ? null : claimFacts[from];
                    fact = claims == null ? null : claims.about(value);
                    found = fact == null ? found : found.meet(fact);
                }
            }
        }
        Interval fact = more == null ? null : more.about(value);
        found = fact == null ? found : found.meet(fact);
        Operation op = depth == 0 ? null : definitions.op(value);
        if (op != null && isArithmetic(op)) {
            found = found.meet(transfer(value, op, block, more, depth - 1));
        }
        return found;
    }

    private static boolean isArithmetic(Operation op) {
        return op instanceof Operation.Binary
                || op instanceof Operation.Convert
                || op instanceof Operation.Unary
                || op instanceof Operation.Compare
                || op instanceof Operation.Select;
    }

    /** What an operation gives, for what is known of its operands in a block. */
    private Interval transfer(Value result, Operation op, int block, @Nullable Facts more, int depth) {
        Type.Int type = typeOf(result);
        return switch (op) {
            case Operation.Const one -> Interval.of(one.type(), one.value());
            case Operation.Unary one -> IntervalArithmetic.apply(one.op(), refined(one.a(), block, more, depth));
            case Operation.Binary one ->
                same(one)
                        .orElseGet(() -> IntervalArithmetic.apply(
                                one.op(), refined(one.a(), block, more, depth), refined(one.b(), block, more, depth)));
            case Operation.Convert one ->
                IntervalArithmetic.apply(one.op(), refined(one.a(), block, more, depth), one.type());
            case Operation.Compare one -> {
                if (integer(one.a()) == null) {
                    yield Interval.top(type);
                }
                if (one.a().index() == one.b().index()) {
                    yield Interval.of(type, one.op().test(Type.Int.I64, 0, 0) ? 1 : 0);
                }
                Interval a = refined(one.a(), block, more, depth);
                Interval b = refined(one.b(), block, more, depth);
                yield a.isEmpty() || b.isEmpty()
                        ? Interval.bottom(type)
                        : IntervalArithmetic.decide(one.op(), a, b)
                                .map(holds -> Interval.of(type, holds ? 1 : 0))
                                .orElse(Interval.top(type));
            }
            case Operation.Select one -> {
                Interval a = chosen(one.condition(), true, one.a(), block, more, depth);
                yield a.join(chosen(one.condition(), false, one.b(), block, more, depth));
            }
            case Operation.LoadContext one ->
                one.bytes() < type.bytes() ? Interval.of(type, 0, (1L << (8 * one.bytes())) - 1) : Interval.top(type);
            case Operation.Null _,
                    Operation.Offset _,
                    Operation.Difference _,
                    Operation.Slot _,
                    Operation.Address _,
                    Operation.Load _,
                    Operation.Store _,
                    Operation.Atomic _,
                    Operation.Call _,
                    Operation.CallPointer _,
                    Operation.CallHelper _,
                    Operation.CallKernel _,
                    Operation.CallHost _,
                    Operation.Prove _,
                    Operation.Opaque _ -> Interval.top(type);
        };
    }

    /** {@code x - x} and {@code x ^ x} are 0, which intervals of the two operands do not say. */
    private static Optional<Interval> same(Operation.Binary op) {
        boolean zero = op.a().index() == op.b().index() && (op.op() == BinaryOp.SUB || op.op() == BinaryOp.XOR);
        return zero ? Optional.of(Interval.of(typeOf(op.a()), 0)) : Optional.empty();
    }

    /** One side of a select: it is taken only if the condition is so. */
    private Interval chosen(Value condition, boolean truth, Value side, int block, @Nullable Facts more, int depth) {
        Facts facts = new Facts();
        if (more != null) {
            for (int i = 0; i < more.values.size(); i++) {
                facts.add(more.values.get(i), more.intervals.get(i));
            }
        }
        if (depth > 0) {
            new BranchFacts(this, block, facts).holds(condition, truth, depth);
        }
        return facts.contradiction ? Interval.bottom(typeOf(side)) : refined(side, block, facts, depth);
    }

    /** For {@link BranchFacts}: what is known of a value in a block, with facts that are not recorded yet. */
    Interval known(Value value, int block, Facts more) {
        return refined(value, block, more, 2);
    }

    @Nullable
    Operation definition(Value value) {
        return definitions.op(value);
    }

    private void run() {
        int sweeps = 0;
        do {
            changed = false;
            sweep(false);
        } while (changed && ++sweeps < MOST_SWEEPS);
        if (changed) {
            giveUp();
            return;
        }
        narrow();
        if (inductive && LoopCounters.bound(function, graph, tree, definitions, intervals)) {
            narrow();
        }
    }

    private void narrow() {
        for (int i = 0; i < NARROWING_SWEEPS; i++) {
            changed = false;
            sweep(true);
            if (!changed) {
                return;
            }
        }
    }

    private void giveUp() {
        for (Block block : function.blocks()) {
            int number = block.label().index();
            reached[number] = graph.isReachable(number);
            entryFacts[number] = null;
            claimFacts[number] = null;
            block.parameters().forEach(this::forget);
            block.insts().forEach(inst -> forget(inst.result()));
        }
    }

    private void forget(Value value) {
        if (value.type() instanceof Type.Int type) {
            intervals[value.index()] = Interval.top(type);
        }
    }

    private void sweep(boolean narrowing) {
        reach(0);
        for (int number : graph.order()) {
            if (!reached[number]) {
                continue;
            }
            Block block = function.blocks().get(number);
            enter(block, number, narrowing);
            for (Inst inst : block.insts()) {
                if (integer(inst.result()) != null) {
                    update(inst.result(), transfer(inst.result(), inst.op(), number, null, 1), number, narrowing);
                }
            }
            claims(block, number);
            leave(block, number);
        }
    }

    /** Marks the blocks that the terminator may go to. */
    private void leave(Block block, int number) {
        List<Target> targets = block.terminator().targets();
        for (int i = 0; i < targets.size(); i++) {
            int to = targets.get(i).block().index();
            if (!reached[to] && !edge(number, i).contradiction) {
                reach(to);
            }
        }
    }

    private void reach(int block) {
        if (!reached[block]) {
            reached[block] = true;
            changed = true;
        }
    }

    /** What is known on an edge beyond what is known in the block that it leaves. */
    private Facts edge(int from, int target) {
        Facts facts = new Facts();
        Facts claims = claimFacts[from];
        if (claims != null) {
            for (int i = 0; i < claims.values.size(); i++) {
                facts.add(claims.values.get(i), claims.intervals.get(i));
            }
        }
        new BranchFacts(this, from, facts).taken(function.blocks().get(from).terminator(), target);
        return facts;
    }

    private void enter(Block block, int number, boolean narrowing) {
        if (number == 0) {
            for (Value parameter : block.parameters()) {
                if (parameter.type() instanceof Type.Int type) {
                    update(parameter, Interval.top(type), 0, narrowing);
                }
            }
            return;
        }
        List<Value> parameters = block.parameters();
        @Nullable Interval[] joined = new Interval[parameters.size()];
        Facts common = null;
        int previous = -1;
        for (int from : graph.predecessors(number)) {
            if (from == previous || !reached[from]) {
                continue;
            }
            previous = from;
            Terminator terminator = function.blocks().get(from).terminator();
            List<Target> targets = terminator.targets();
            for (int i = 0; i < targets.size(); i++) {
                if (targets.get(i).block().index() != number) {
                    continue;
                }
                Facts facts = edge(from, i);
                if (facts.contradiction) {
                    continue;
                }
                common = common == null ? facts : common.join(facts);
                int skipped = terminator instanceof Terminator.Checked && i == 0 ? 1 : 0;
                for (int j = skipped; j < parameters.size(); j++) {
                    Value argument = targets.get(i).arguments().get(j - skipped);
                    if (integer(argument) != null) {
                        Interval given = refined(argument, from, facts, DEEPEST);
                        Interval soFar = joined[j];
                        joined[j] = soFar == null ? given : soFar.join(given);
                    }
                }
            }
        }
        record(number, entryFacts, common);
        visits[number]++;
        for (int j = 0; j < parameters.size(); j++) {
            Interval found = joined[j];
            if (found != null) {
                update(parameters.get(j), found, number, narrowing);
            }
        }
    }

    private void claims(Block block, int number) {
        Facts facts = null;
        for (Inst inst : block.insts()) {
            if (inst.op() instanceof Operation.Prove claim) {
                facts = facts == null ? new Facts() : facts;
                claim(claim, number, facts);
            }
        }
        record(number, claimFacts, facts);
    }

    private void claim(Operation.Prove claim, int block, Facts facts) {
        if (claim.index().type() instanceof Type.Int type && claim.below() != 0) {
            long most = Interval.minUnsigned(claim.below() - 1, type.mask());
            new BranchFacts(this, block, facts).within(claim.index(), Interval.of(type, 0, most), DEEPEST);
        }
    }

    private void record(int block, @Nullable Facts[] where, @Nullable Facts facts) {
        where[block] = facts;
        if (facts == null) {
            return;
        }
        for (Value value : facts.values) {
            List<Integer> blocks = factBlocks[value.index()];
            if (blocks == null) {
                blocks = new ArrayList<>(2);
                factBlocks[value.index()] = blocks;
            }
            if (!blocks.contains(block)) {
                blocks.add(block);
            }
        }
    }

    private void update(Value value, Interval computed, int block, boolean narrowing) {
        Interval old = interval(value);
        Interval now;
        if (narrowing) {
            now = old.meet(computed);
        } else {
            now = old.join(computed);
            if (forgotten[value.index()]) {
                now = Interval.top(typeOf(value));
            } else if (header[block] && definitions.position(value) < 0 && !now.equals(old)) {
                now = widened(old, now, visits[block]);
            }
        }
        if (!now.equals(old) || intervals[value.index()] == null) {
            intervals[value.index()] = now;
            changed |= !now.equals(old);
        }
    }

    private Interval widened(Interval old, Interval next, int visits) {
        if (visits > GIVE_UP_AFTER) {
            return Interval.top(next.type());
        }
        if (visits > WIDEN_FAR_AFTER) {
            return old.widen(next, new long[0]);
        }
        return visits > WIDEN_AFTER ? old.widen(next, thresholds) : next;
    }

    /** Constants of comparisons and cases, and their neighbours: ends of intervals most often lie there. */
    private static long[] thresholds(Function function) {
        boolean[] compared = new boolean[function.valueCount()];
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Compare compare) {
                    compared[compare.a().index()] = true;
                    compared[compare.b().index()] = true;
                }
            }
        }
        long[] found = new long[64];
        int count = 0;
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (count + 3 <= found.length
                        && inst.op() instanceof Operation.Const constant
                        && compared[inst.result().index()]) {
                    found[count++] = constant.value() - 1;
                    found[count++] = constant.value();
                    found[count++] = constant.value() + 1;
                }
            }
        }
        return Arrays.copyOf(found, count);
    }
}
