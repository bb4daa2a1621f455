package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts in steps of what a counter is only ever multiplied by: strength reduction, with the loop's test replaced.
 *
 * <pre>
 * b1(v3: i64):                            b1(v3: i64):            // 12 times what it was
 *     v4 = mul i64 v3, v2   // v2 = 12        v5 = offset ptr&lt;packet&gt; v0, v3
 *     v5 = offset ptr&lt;packet&gt; v0, v4          …
 *     …                            =&gt;         v6 = add i64 v3, v2
 *     v6 = add i64 v3, v1   // v1 = 1         v8 = const i64 1393
 *     v7 = ult i64 v6, v8   // v8 = 117       v7 = ult i64 v6, v8
 *     branch v7 ? b1(v6) : b2                 branch v7 ? b1(v6) : b2
 * </pre>
 *
 * <p>Done where every use of a header's parameter is a product with one constant, a comparison with a constant, or the step,
 * which itself is only compared and passed back; where it begins with a constant; and where neither it nor its step, so
 * multiplied, comes near the end of its type. Then the order of numbers is that of their products. {@code i < 117} becomes
 * {@code j < 116 * 12 + 1} and not {@code j < 117 * 12}: a verifier that knows ranges, but no multiples, then knows as much as
 * before.
 *
 * <p>Not for places on the stack: in a loop that Linux's verifier takes in one, it would see any number where a multiple of four
 * was, and it asks for aligned accesses there. Not where the loop ends by equality, from which no range follows. A pointer is
 * not made to step in place of a number: Linux bounds the number in each round, and the pointer not at all. Allen, Cocke and
 * Kennedy, "Reduction of Operator Strength", 1981. Costs one analysis of ranges where a counter qualifies, else linear.
 */
public final class ScaleCounters {
    private static final long MOST = 1L << 30;

    private final Function function;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final Definitions definitions;
    private final Map<Integer, List<Inst>> users = new HashMap<>();
    private final Map<Integer, List<Passing>> passings = new HashMap<>();

    /** What terminators go by. */
    private final BitSet decides = new BitSet();

    private @Nullable IntervalAnalysis ranges;

    /** A value is passed as a parameter, on the edge to {@code target} of block {@code from}. */
    private record Passing(int from, int target, int parameter) {}

    /** A counter that qualifies. */
    private record Counter(Value parameter, int position, Inst step, long factor) {}

    private ScaleCounters(Function function, ControlFlowGraph graph) {
        this.function = function;
        this.graph = graph;
        tree = DominatorTree.of(graph);
        definitions = Definitions.of(function);
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                // What nobody needs asks for nothing: sums whose constants went into accesses are still here.
                if (inst.op().effect() == Effect.PURE && definitions.uses(inst.result()) == 0) {
                    continue;
                }
                for (Value operand : inst.op().operands()) {
                    users.computeIfAbsent(operand.index(), _ -> new ArrayList<>())
                            .add(inst);
                }
            }
            block.terminator().operands().forEach(value -> decides.set(value.index()));
            List<Target> targets = block.terminator().targets();
            for (int i = 0; i < targets.size(); i++) {
                int skipped = i == 0 && block.terminator() instanceof Terminator.Checked ? 1 : 0;
                List<Value> arguments = targets.get(i).arguments();
                for (int j = 0; j < arguments.size(); j++) {
                    passings.computeIfAbsent(arguments.get(j).index(), _ -> new ArrayList<>())
                            .add(new Passing(
                                    block.label().index(),
                                    targets.get(i).block().index(),
                                    j + skipped));
                }
            }
        }
    }

    public static Function run(Function function) {
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        boolean loops = false;
        for (int block : graph.order()) {
            for (int from : graph.predecessors(block)) {
                loops |= graph.number(from) >= graph.number(block);
            }
        }
        return loops ? new ScaleCounters(function, graph).run() : function;
    }

    private Function run() {
        Draft draft = new Draft(function);
        boolean changed = false;
        for (int number : graph.order()) {
            Block block = function.blocks().get(number);
            for (int i = 0; i < block.parameters().size(); i++) {
                Counter counter = counter(block, i);
                if (counter != null) {
                    scale(draft, block, counter);
                    changed = true;
                }
            }
        }
        return changed ? draft.freeze() : function;
    }

    private @Nullable Counter counter(Block header, int position) {
        Value parameter = header.parameters().get(position);
        Inst step = step(header, position);
        if (step == null || !(parameter.type() instanceof Type.Int)) {
            return null;
        }
        long factor = 0;
        for (Inst user : users.getOrDefault(parameter.index(), List.of())) {
            if (user.equals(step) || isOrder(user, parameter)) {
                continue;
            }
            long by = factor(user, parameter);
            if (by < 2 || (factor != 0 && by != factor) || isMoreThanIndex(user.result())) {
                return null;
            }
            factor = by;
        }
        for (Inst user : users.getOrDefault(step.result().index(), List.of())) {
            if (!isOrder(user, step.result())) {
                return null;
            }
        }
        return factor != 0 && isSmall(parameter, factor) && isSmall(step.result(), factor)
                ? new Counter(parameter, position, step, factor)
                : null;
    }

    /** What every edge back passes: the parameter and a constant. Null if one passes else, or one from outside no constant. */
    private @Nullable Inst step(Block header, int position) {
        int number = header.label().index();
        Value parameter = header.parameters().get(position);
        Value next = null;
        int previous = -1;
        for (int from : graph.predecessors(number)) {
            Terminator terminator = function.blocks().get(from).terminator();
            if (from == previous || terminator instanceof Terminator.Checked) {
                return null;
            }
            previous = from;
            for (Target target : terminator.targets()) {
                if (target.block().index() == number) {
                    Value given = target.arguments().get(position);
                    boolean back = tree.dominates(number, from);
                    if (back ? next != null && next.index() != given.index() : small(given) < 0) {
                        return null;
                    }
                    next = back ? given : next;
                }
            }
        }
        if (next == null
                || !(definitions.op(next) instanceof Operation.Binary sum)
                || sum.op() != BinaryOp.ADD
                || sum.a().index() != parameter.index()
                || small(sum.b()) < 0) {
            return null;
        }
        // Passed back, and nowhere else; the parameter itself is passed nowhere.
        boolean elsewhere = passings.containsKey(parameter.index());
        for (Passing one : passings.getOrDefault(next.index(), List.of())) {
            elsewhere |= one.target != number || one.parameter != position;
        }
        if (elsewhere || decides.get(parameter.index()) || decides.get(next.index())) {
            return null;
        }
        for (Inst inst : users.getOrDefault(parameter.index(), List.of())) {
            if (inst.result().index() == next.index()) {
                return inst;
            }
        }
        return null;
    }

    /** A constant that is not negative and not large; -1 for all else. */
    private long small(Value value) {
        Operation.Const constant = definitions.constant(value);
        return constant != null && constant.value() >= 0 && constant.value() < MOST ? constant.value() : -1;
    }

    private boolean isSmall(Value value, long factor) {
        IntervalAnalysis known = ranges;
        if (known == null) {
            known = IntervalAnalysis.of(function);
            ranges = known;
        }
        Interval interval = known.everywhere(value);
        return !interval.isEmpty() && Long.compareUnsigned(interval.high(), MOST / factor) < 0;
    }

    /** Whether an instruction compares the value with a constant, by less or more. */
    private boolean isOrder(Inst inst, Value value) {
        return inst.op() instanceof Operation.Compare compare
                && compare.a().index() == value.index()
                && small(compare.b()) > 0
                && small(compare.b()) < MOST >> 8
                && switch (compare.op()) {
                    case ULT, ULE, UGT, UGE -> true;
                    case EQ, NE, SLT, SLE, SGT, SGE -> false;
                };
    }

    /** By what the instruction multiplies the value; 0 if it does something else. */
    private long factor(Inst inst, Value value) {
        if (!(inst.op() instanceof Operation.Binary product) || product.a().index() != value.index()) {
            return 0;
        }
        long by = small(product.b());
        return switch (product.op()) {
            case MUL -> by < 256 ? by : 0;
            case SHL -> by > 0 && by < 8 ? 1L << by : 0;
            case ADD, SUB, UDIV, SDIV, UREM, SREM, AND, OR, XOR, LSHR, ASHR -> 0;
        };
    }

    /** Whether a product is more than the index of places that are not on the stack. */
    private boolean isMoreThanIndex(Value index) {
        for (Inst user : users.getOrDefault(index.index(), List.of())) {
            boolean place = user.op() instanceof Operation.Offset offset
                    && !offset.base().type().equals(Type.ptr(Region.STACK));
            if (!place) {
                return true;
            }
        }
        return passings.containsKey(index.index());
    }

    private void scale(Draft draft, Block header, Counter counter) {
        long factor = counter.factor;
        for (int from : graph.predecessors(header.label().index())) {
            if (!tree.dominates(header.label().index(), from)) {
                Draft.DraftBlock before = draft.block(from);
                before.terminator = before.terminator.map(
                        same -> same,
                        target -> target.block().equals(header.label())
                                ? begun(draft, before, target, counter.position, factor)
                                : target);
            }
        }
        for (Draft.DraftBlock block : draft.order()) {
            List<Inst> insts = new ArrayList<>(block.insts.size());
            for (Inst inst : block.insts) {
                boolean uses = inst.op().operands().contains(counter.parameter);
                boolean steps = inst.result().index() == counter.step.result().index();
                boolean tests = isOrder(inst, counter.parameter) || isOrder(inst, counter.step.result());
                if (steps && inst.op() instanceof Operation.Binary sum) {
                    Value by = constant(draft, insts, inst, sum.b(), small(sum.b()) * factor);
                    insts.add(new Inst(inst.result(), new Operation.Binary(BinaryOp.ADD, sum.a(), by), inst.at()));
                } else if (tests && inst.op() instanceof Operation.Compare compare) {
                    Value limit = constant(draft, insts, inst, compare.b(), limit(compare, factor));
                    insts.add(new Inst(
                            inst.result(), new Operation.Compare(compare.op(), compare.a(), limit), inst.at()));
                } else if (uses) {
                    draft.replace(inst.result(), counter.parameter);
                } else {
                    insts.add(inst);
                }
            }
            block.insts = insts;
        }
    }

    /** The constant that says of products what it says of the numbers, as tightly as it can. */
    private long limit(Operation.Compare compare, long factor) {
        long limit = small(compare.b());
        return compare.op() == CompareOp.ULT || compare.op() == CompareOp.UGE
                ? (limit - 1) * factor + 1
                : limit * factor;
    }

    /** A new constant of the type of {@code like}. */
    private static Value constant(Draft draft, List<Inst> insts, Inst at, Value like, long number) {
        Inst constant = draft.inst(new Operation.Const(Operands.integer(like), number), at.at());
        insts.add(constant);
        return constant.result();
    }

    private Target begun(Draft draft, Draft.DraftBlock before, Target target, int position, long factor) {
        List<Value> arguments = new ArrayList<>(target.arguments());
        Value first = arguments.get(position);
        Inst constant = draft.inst(new Operation.Const(Operands.integer(first), small(first) * factor), before.at);
        before.insts.add(constant);
        arguments.set(position, constant.result());
        return new Target(target.block(), arguments);
    }
}
