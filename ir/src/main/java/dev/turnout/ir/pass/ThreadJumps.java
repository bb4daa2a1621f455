package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leads ways past a choice that they have decided already: a block that ends with a choice gets a copy for those ways into it
 * on which the choice is known, and the copy goes on without choosing.
 *
 * <pre>
 * b0(v0: i32, v1: i32):                       b0(v0: i32, v1: i32):
 *     branch v2 ? b1 : b2                         branch v2 ? b1 : b2
 * b1:                                         b1:
 *     jump b3(v3)           // v3 = 7             jump b4(v3)
 * b2:                                         b2:
 *     jump b3(v0)                  =&gt;             jump b3(v0)
 * b3(v5: i32):                                b3(v5: i32):
 *     v6 = add i32 v5, v1                         v6 = add i32 v5, v1
 *     v7 = ult i32 v5, v4   // v4 = 9             v7 = ult i32 v5, v4
 *     branch v7 ? b5 : b6                         branch v7 ? b5(v6) : b6(v6)
 *                                             b4(v8: i32):
 *                                                 v9 = add i32 v8, v1
 *                                                 jump b5(v9)
 * </pre>
 *
 * <p>{@link IntervalAnalysis} says what the choice goes by on each way: from constants that are passed, and from what the
 * way itself has compared. A pointer that is null, or surely is not, decides a test for null. All ways with one outcome share
 * one copy, so a block becomes no more pieces than it has outcomes, and one that every way decides is gone.
 *
 * <p>Why it is sound: a copy computes what the block computes, and goes where the block would have gone. Values of the block
 * have several definitions then, so SSA form is made anew for them ({@link RepairSsa}). Headers of loops are left whole: a way
 * led past a header would enter its loop in a second place, and nobody would see a loop any more. Where the block is no
 * header, its loops keep theirs. Blocks are copied only if they are short, write nothing and call nothing; patch sites and
 * the dispatch of labelled switches are never copied.
 *
 * <p>A round costs one analysis of ranges and is linear otherwise; there are few. The idea is old: Mueller and Whalley,
 * "Avoiding Conditional Branches by Code Replication", 1995.
 */
public final class ThreadJumps {
    private static final int MOST_ROUNDS = 4;

    /** A block of more instructions, constants aside, is not copied. */
    private static final int MOST = 6;

    /** So many values may come together again behind the copies of a block. */
    private static final int MOST_JOINS = 1;

    private final Function function;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final Definitions definitions;
    private final IntervalAnalysis ranges;
    private final AddressBounds bounds;
    private final Draft draft;
    private final List<Value> defined = new ArrayList<>();
    private final Map<Integer, Map<Integer, Value>> copies = new HashMap<>();
    private final Map<Integer, List<Integer>> users = new HashMap<>();
    private final boolean[] split;
    private boolean changed;

    /** An edge: the block that it leaves, and which of its targets. */
    private record Way(int from, int target) {}

    private ThreadJumps(Function function) {
        this.function = function;
        graph = ControlFlowGraph.of(function);
        tree = DominatorTree.of(graph);
        definitions = Definitions.of(function);
        ranges = IntervalAnalysis.of(function);
        bounds = new AddressBounds(function);
        draft = new Draft(function);
        split = new boolean[draft.size()];
    }

    public static Function run(Function function) {
        Function now = function;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (!hasChoices(now)) {
                return now;
            }
            Function next = new ThreadJumps(now).round();
            if (next.equals(now)) {
                return now;
            }
            // Parameters that turned out to be one value would hide what the next round could see.
            now = SimplifyCfg.run(next);
        }
        return now;
    }

    private static boolean hasChoices(Function function) {
        for (Block block : function.blocks()) {
            if (isChoice(block.terminator())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isChoice(Terminator terminator) {
        return terminator instanceof Terminator.Branch
                || (terminator instanceof Terminator.Switch choice && choice.copies() == Terminator.Copies.FREE);
    }

    private Function round() {
        for (Block block : function.blocks()) {
            if (qualifies(block)) {
                thread(block);
            }
        }
        if (!changed) {
            return function;
        }
        new RepairSsa(draft).run(defined, copies);
        return draft.freeze();
    }

    private boolean qualifies(Block block) {
        int number = block.label().index();
        if (number == 0 || !graph.isReachable(number) || !isChoice(block.terminator())) {
            return false;
        }
        int size = 0;
        for (Inst inst : block.insts()) {
            Effect effect = inst.op().effect();
            if (effect != Effect.PURE && effect != Effect.READS) {
                return false;
            }
            size += inst.op() instanceof Operation.Const ? 0 : 1;
        }
        if (size > MOST || graph.predecessors(number).length < 2) {
            return false;
        }
        for (int from : graph.predecessors(number)) {
            // Pieces of a block that was split in this round lead here, and are not known: the next round sees them.
            if (tree.dominates(number, from) || split[from]) {
                return false;
            }
        }
        return true;
    }

    /** Splits a block by what the ways into it have decided, if there is one that has. */
    private void thread(Block block) {
        Map<Way, Integer> outcomes = new HashMap<>();
        int previous = -1;
        for (int from : graph.predecessors(block.label().index())) {
            if (from == previous) {
                continue;
            }
            previous = from;
            Terminator terminator = function.blocks().get(from).terminator();
            List<Target> targets = terminator.targets();
            for (int i = 0; i < targets.size(); i++) {
                boolean defines = terminator instanceof Terminator.Checked && i == 0;
                if (targets.get(i).block().equals(block.label()) && !defines) {
                    int outcome = outcome(block, from, i);
                    if (outcome >= 0) {
                        outcomes.put(new Way(from, i), outcome);
                    }
                }
            }
        }
        if (outcomes.isEmpty() || !pays(block, outcomes)) {
            return;
        }
        split[block.label().index()] = true;
        changed = true;
        List<Value> values = new ArrayList<>(block.parameters());
        block.insts().forEach(inst -> values.add(inst.result()));
        for (Value value : values) {
            defined.add(value);
            copies.put(value.index(), new HashMap<>());
        }
        // The undecided ways get a copy as well: what the block defines then has definitions in copies only.
        Map<Integer, Label> pieces = new HashMap<>();
        for (int from : graph.predecessors(block.label().index())) {
            Draft.DraftBlock before = draft.block(from);
            int[] target = {-1};
            before.terminator = before.terminator.map(same -> same, way -> {
                target[0]++;
                return way.block().equals(block.label())
                        ? way.retargeted(pieces.computeIfAbsent(
                                outcomes.getOrDefault(new Way(from, target[0]), -1), to -> piece(block, to)))
                        : way;
            });
        }
    }

    /**
     * Whether copies are worth what they cost: a value that is used where several copies lead comes together again there,
     * which takes a move on each way. A switch by a value that was there before is one of several by that value, and stays
     * beside them: tables do well what a tree of copies does not.
     */
    private boolean pays(Block block, Map<Way, Integer> outcomes) {
        if (block.terminator() instanceof Terminator.Switch choice && !isPassed(choice.value(), block)) {
            return false;
        }
        Set<Integer> pieces = new HashSet<>(outcomes.values());
        if (outcomes.size() < graph.predecessors(block.label().index()).length) {
            pieces.add(-1);
        }
        int joins = 0;
        for (Value parameter : block.parameters()) {
            joins += joins(parameter, block, pieces);
        }
        for (Inst inst : block.insts()) {
            joins += joins(inst.result(), block, pieces);
        }
        return joins <= MOST_JOINS;
    }

    /** How many copies of a value, the first aside, come together where it is used behind the block. */
    private int joins(Value value, Block block, Set<Integer> pieces) {
        int number = block.label().index();
        List<Target> targets = block.terminator().targets();
        Set<Integer> leading = new HashSet<>();
        for (int user : users(value)) {
            int only = -1;
            for (int i = 0; i < targets.size(); i++) {
                int to = targets.get(i).block().index();
                only = tree.dominates(to, user) && graph.predecessors(to).length == 1 ? i : only;
            }
            if (user != number) {
                for (int piece : pieces) {
                    if (only < 0 || piece < 0 || piece == only) {
                        leading.add(piece);
                    }
                }
            }
        }
        return Math.max(0, leading.size() - 1);
    }

    /** The blocks that use a value. */
    private List<Integer> users(Value value) {
        if (users.isEmpty()) {
            for (Block block : function.blocks()) {
                int number = block.label().index();
                block.insts().forEach(inst -> use(inst.op().operands(), number));
                use(block.terminator().operands(), number);
                block.terminator().targets().forEach(target -> use(target.arguments(), number));
            }
        }
        return users.getOrDefault(value.index(), List.of());
    }

    private void use(List<Value> values, int block) {
        for (Value value : values) {
            List<Integer> all = users.computeIfAbsent(value.index(), _ -> new ArrayList<>());
            if (all.isEmpty() || all.getLast() != block) {
                all.add(block);
            }
        }
    }

    /** Whether a value is a parameter of the block, or computed from one in it. */
    private boolean isPassed(Value value, Block block) {
        if (definitions.block(value) != block.label().index()) {
            return false;
        }
        Operation op = definitions.op(value);
        return op == null || op.operands().stream().anyMatch(operand -> isPassed(operand, block));
    }

    /** A copy of the block that goes to its target number {@code outcome}; that chooses, if it is -1. */
    private Label piece(Block block, int outcome) {
        Draft.DraftBlock piece = draft.insert(draft.block(block.label()), block.at());
        Map<Integer, Value> own = new HashMap<>();
        for (Value parameter : block.parameters()) {
            Value copy = draft.fresh(parameter.type());
            own.put(parameter.index(), copy);
            piece.parameters.add(copy);
        }
        for (Inst inst : block.insts()) {
            Inst copy = draft.inst(inst.op().map(value -> own.getOrDefault(value.index(), value)), inst.at());
            own.put(inst.result().index(), copy.result());
            piece.insts.add(copy);
        }
        // As it is now: what it leads to may have been split already.
        Terminator now = draft.block(block.label()).terminator;
        Terminator terminator =
                outcome < 0 ? now : new Terminator.Jump(now.targets().get(outcome));
        piece.terminator = terminator.mapValues(value -> own.getOrDefault(value.index(), value));
        own.forEach((old, value) -> {
            Map<Integer, Value> known = copies.get(old);
            if (known != null) {
                known.put(piece.index, value);
            }
        });
        return piece.label();
    }

    /** To which of its targets the block goes if it is entered this way; -1 if that is not known. */
    private int outcome(Block block, int from, int target) {
        return switch (block.terminator()) {
            case Terminator.Branch branch -> {
                Interval condition = ranges.through(new Label(from), target, branch.condition());
                if (condition.isConstant() && bounds.concerns(branch.condition())) {
                    condition = bounds.ranges().through(new Label(from), target, branch.condition());
                }
                if (condition.isConstant()) {
                    yield condition.low() != 0 ? 0 : 1;
                }
                yield condition.isEmpty() ? -1 : nullTest(block, branch, from, target);
            }
            case Terminator.Switch choice -> chosen(choice, ranges.through(new Label(from), target, choice.value()));
            case Terminator.Jump _,
                    Terminator.StaticBranch _,
                    Terminator.StaticSwitch _,
                    Terminator.Checked _,
                    Terminator.TailCall _,
                    Terminator.MayGoto _,
                    Terminator.Return _,
                    Terminator.Unreachable _ -> -1;
        };
    }

    private static int chosen(Terminator.Switch choice, Interval value) {
        if (value.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < choice.cases().size(); i++) {
            Terminator.Case one = choice.cases().get(i);
            if (Long.compareUnsigned(one.low(), value.high()) <= 0
                    && Long.compareUnsigned(value.low(), one.high()) <= 0) {
                boolean inside = Long.compareUnsigned(one.low(), value.low()) <= 0
                        && Long.compareUnsigned(value.high(), one.high()) <= 0;
                return inside ? i : -1;
            }
        }
        return choice.cases().size();
    }

    /** What a test of a pointer for null gives, where the way passes one that is null or surely is not. */
    private int nullTest(Block block, Terminator.Branch branch, int from, int target) {
        if (!(definitions.op(branch.condition()) instanceof Operation.Compare compare)
                || (compare.op() != CompareOp.EQ && compare.op() != CompareOp.NE)
                || !(definitions.op(compare.b()) instanceof Operation.Null)) {
            return -1;
        }
        int parameter = block.parameters().indexOf(compare.a());
        if (parameter < 0) {
            return -1;
        }
        Value given = function.blocks()
                .get(from)
                .terminator()
                .targets()
                .get(target)
                .arguments()
                .get(parameter);
        boolean isNull = definitions.op(given) instanceof Operation.Null;
        if (!isNull && !isSomewhere(given)) {
            return -1;
        }
        return isNull == (compare.op() == CompareOp.EQ) ? 0 : 1;
    }

    /** Whether a pointer is surely not null: the address of something, or what a bounds test has defined. */
    private boolean isSomewhere(Value pointer) {
        return switch (definitions.op(pointer)) {
            case Operation.Slot _, Operation.Address _ -> true;
            case Operation.Offset offset -> isSomewhere(offset.base());
            case null ->
                pointer.type() instanceof Type.Ptr type
                        && type.region() == Region.PACKET
                        && definitions.position(pointer) == -1
                        && isReference(definitions.block(pointer));
            default -> false;
        };
    }

    private boolean isReference(int block) {
        for (int from : graph.predecessors(block)) {
            if (!(function.blocks().get(from).terminator() instanceof Terminator.Checked checked)
                    || checked.ok().block().index() != block
                    || checked.fail().block().index() == block) {
                return false;
            }
        }
        return block != 0 && graph.predecessors(block).length > 0;
    }
}
