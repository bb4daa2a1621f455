package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is constant on all ways that can be taken: sparse conditional constant propagation.
 *
 * <pre>
 * b0(v0: i32):                            b0(v0: i32):
 *     v1 = const i32 3                        v1 = const i32 3
 *     jump b1(v1, v0)                         jump b1(v0)
 * b1(v2: i32, v3: i32):                   b1(v3: i32):
 *     v4 = eq i32 v2, v1                      branch v5 ? b1(v6) : b3   // v5, v6: of v3
 *     branch v4 ? b2 : b3                 b3:
 * b2:                              =&gt;         v7 = const i32 3
 *     branch v5 ? b1(v2, v6) : b3             return v7
 * b3:
 *     return v2
 * </pre>
 *
 * <p>Every value is first taken for one that is never computed, and every way for one that is never taken. From the entry on,
 * values become a constant (a number, null, or the address of something declared) when what they are computed from is, and
 * varying when two ways disagree; a way counts once the choice in front of it may go there. So a constant that goes round a loop
 * is seen, though each half of the proof (the value stays because the branch is never taken, and the branch is never taken
 * because the value stays) needs the other: passes that begin with "may be anything" never find it.
 *
 * <p>A value changes twice at most, and a block is looked at again only if something that it uses has changed: a few sweeps
 * in reverse postorder. Wegman and Zadeck, "Constant Propagation with Conditional Branches", 1991. {@link FoldRanges} does the
 * same with ranges, which costs more; this one makes its graph small before functions are measured for inlining, and sees pointers as well.
 */
public final class PropagateConstants {
    /** The two ends of the lattice beside constants: {@code null} in {@link #known} is "never computed". */
    private static final Known VARYING = new Known(null);

    private static final int ALL = -1;
    private static final int NONE = -2;

    private final Function function;
    private final ControlFlowGraph graph;
    private final @Nullable Known[] known;
    private final boolean[][] taken;
    private final boolean[] dirty;
    private final boolean[] reached;
    private final List<List<Integer>> users;

    /** What a value always is: an operation without operands; none if it varies. */
    private record Known(@Nullable Operation operation) {}

    private PropagateConstants(Function function) {
        this.function = function;
        graph = ControlFlowGraph.of(function);
        known = new Known[function.valueCount()];
        int blocks = function.blocks().size();
        taken = new boolean[blocks][];
        dirty = new boolean[blocks];
        reached = new boolean[blocks];
        users = new ArrayList<>(known.length);
        for (int i = 0; i < known.length; i++) {
            users.add(List.of());
        }
        for (Block block : function.blocks()) {
            int number = block.label().index();
            taken[number] = new boolean[block.terminator().targets().size()];
            block.insts().forEach(inst -> uses(inst.op().operands(), number));
            uses(block.terminator().operands(), number);
            // A parameter is computed where it stands, from what is passed.
            for (Target target : block.terminator().targets()) {
                uses(target.arguments(), target.block().index());
            }
        }
    }

    private void uses(List<Value> values, int block) {
        for (Value value : values) {
            List<Integer> all = users.get(value.index());
            if (all.isEmpty()) {
                all = new ArrayList<>(2);
                users.set(value.index(), all);
            }
            if (all.isEmpty() || all.getLast() != block) {
                all.add(block);
            }
        }
    }

    public static Function run(Function function) {
        PropagateConstants pass = new PropagateConstants(function);
        pass.find();
        return pass.rewritten();
    }

    private void find() {
        for (Value parameter : function.parameters()) {
            known[parameter.index()] = VARYING;
        }
        dirty[0] = true;
        reached[0] = true;
        boolean again = true;
        while (again) {
            again = false;
            for (int block : graph.order()) {
                if (dirty[block] && reached[block]) {
                    dirty[block] = false;
                    again = true;
                    visit(function.blocks().get(block));
                }
            }
        }
    }

    private void visit(Block block) {
        int number = block.label().index();
        if (number != 0) {
            enter(block);
        }
        for (Inst inst : block.insts()) {
            learn(inst.result(), evaluated(inst.op()));
        }
        List<Target> targets = block.terminator().targets();
        int only = only(block.terminator());
        for (int i = 0; i < targets.size(); i++) {
            if ((only == ALL || only == i) && !taken[number][i]) {
                taken[number][i] = true;
                dirty[targets.get(i).block().index()] = true;
                reached[targets.get(i).block().index()] = true;
            }
        }
    }

    private void enter(Block block) {
        int previous = -1;
        for (int from : graph.predecessors(block.label().index())) {
            if (from == previous) {
                continue;
            }
            previous = from;
            Terminator terminator = function.blocks().get(from).terminator();
            List<Target> targets = terminator.targets();
            for (int i = 0; i < targets.size(); i++) {
                if (!taken[from][i] || !targets.get(i).block().equals(block.label())) {
                    continue;
                }
                int skipped = terminator instanceof Terminator.Checked && i == 0 ? 1 : 0;
                if (skipped == 1) {
                    learn(block.parameters().getFirst(), VARYING);
                }
                for (int j = skipped; j < block.parameters().size(); j++) {
                    Value given = targets.get(i).arguments().get(j - skipped);
                    learn(block.parameters().get(j), known[given.index()]);
                }
            }
        }
    }

    /** A value is this, too: what it was before is not forgotten, so a value never goes back. */
    private void learn(Value value, @Nullable Known found) {
        Known before = known[value.index()];
        if (found == null || found.equals(before) || VARYING.equals(before)) {
            return;
        }
        Operation constant = found.operation();
        boolean same = before == null && (constant == null || constant.type().equals(value.type()));
        known[value.index()] = same ? found : VARYING;
        for (int user : users.get(value.index())) {
            dirty[user] = true;
        }
    }

    /** What an operation gives; null if it is not known yet, for an operand was not computed. */
    private @Nullable Known evaluated(Operation op) {
        return switch (op) {
            case Operation.Const _, Operation.Null _, Operation.Address _ -> new Known(op);
            case Operation.Unary one -> number(op, (a, b) -> one.op().apply(Operands.integer(one.a()), a));
            case Operation.Convert one ->
                number(op, (a, b) -> one.op().apply(Operands.integer(one.a()), one.type(), a));
            case Operation.Binary one -> number(op, (a, b) -> one.op().apply(Operands.integer(one.a()), a, b));
            case Operation.Compare one -> compared(one);
            case Operation.Select one -> selected(one);
            case Operation.Slot _,
                    Operation.Offset _,
                    Operation.Difference _,
                    Operation.Load _,
                    Operation.LoadContext _,
                    Operation.Store _,
                    Operation.Atomic _,
                    Operation.Call _,
                    Operation.CallPointer _,
                    Operation.CallHelper _,
                    Operation.CallKernel _,
                    Operation.CallHost _,
                    Operation.Prove _,
                    Operation.Opaque _ -> VARYING;
        };
    }

    /** The result of an operation on one or two numbers. */
    private @Nullable Known number(Operation op, LongBinaryOperator result) {
        long[] numbers = new long[2];
        List<Value> operands = op.operands();
        for (int i = 0; i < operands.size(); i++) {
            Known operand = known[operands.get(i).index()];
            if (operand == null) {
                return null;
            }
            if (!(operand.operation() instanceof Operation.Const constant)) {
                return VARYING;
            }
            numbers[i] = constant.value();
        }
        return op.type() instanceof Type.Int type
                ? new Known(new Operation.Const(type, result.applyAsLong(numbers[0], numbers[1])))
                : VARYING;
    }

    private @Nullable Known compared(Operation.Compare op) {
        if (op.a().type() instanceof Type.Int type) {
            return number(op, (a, b) -> op.op().test(type, a, b) ? 1 : 0);
        }
        Known a = known[op.a().index()];
        Known b = known[op.b().index()];
        if (a == null || b == null) {
            return null;
        }
        boolean decided =
                a.operation() != null && b.operation() != null && (op.op() == CompareOp.EQ || op.op() == CompareOp.NE);
        if (!decided || (!isNull(a) && !isNull(b))) {
            return VARYING;
        }
        // What is declared is somewhere, so it is not null.
        boolean equal = isNull(a) && isNull(b);
        return isField(a) || isField(b)
                ? VARYING
                : new Known(new Operation.Const(Type.Int.I1, equal == (op.op() == CompareOp.EQ) ? 1 : 0));
    }

    private static boolean isNull(Known one) {
        return one.operation() instanceof Operation.Null;
    }

    /** The way into a kernel's struct is a number of bytes, and may be 0. */
    private static boolean isField(Known one) {
        return one.operation() instanceof Operation.Address address && address.region() == Region.KERNEL;
    }

    private @Nullable Known selected(Operation.Select op) {
        Known condition = known[op.condition().index()];
        Known a = known[op.a().index()];
        Known b = known[op.b().index()];
        if (condition == null) {
            return null;
        }
        if (condition.operation() instanceof Operation.Const constant) {
            return constant.value() != 0 ? a : b;
        }
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.equals(b) ? a : VARYING;
    }

    /** The one target that a choice goes to; {@link #ALL} if there are several, {@link #NONE} if that is not known yet. */
    private int only(Terminator terminator) {
        return switch (terminator) {
            case Terminator.Branch one -> {
                Known condition = known[one.condition().index()];
                yield condition == null
                        ? NONE
                        : condition.operation() instanceof Operation.Const constant
                                ? constant.value() != 0 ? 0 : 1
                                : ALL;
            }
            case Terminator.Switch one -> {
                Known value = known[one.value().index()];
                yield value == null
                        ? NONE
                        : value.operation() instanceof Operation.Const constant ? chosen(one, constant.value()) : ALL;
            }
            case Terminator.Jump _,
                    Terminator.StaticBranch _,
                    Terminator.StaticSwitch _,
                    Terminator.Checked _,
                    Terminator.TailCall _,
                    Terminator.MayGoto _,
                    Terminator.Return _,
                    Terminator.Unreachable _ -> ALL;
        };
    }

    private static int chosen(Terminator.Switch choice, long value) {
        for (int i = 0; i < choice.cases().size(); i++) {
            Terminator.Case one = choice.cases().get(i);
            if (Long.compareUnsigned(one.low(), value) <= 0 && Long.compareUnsigned(value, one.high()) <= 0) {
                return i;
            }
        }
        return choice.cases().size();
    }

    private @Nullable Operation constant(Value value) {
        Known found = known[value.index()];
        return found == null ? null : found.operation();
    }

    private Function rewritten() {
        Draft draft = new Draft(function);
        boolean changed = false;
        for (int number : graph.order()) {
            if (!reached[number]) {
                continue;
            }
            Draft.DraftBlock block = draft.block(number);
            List<Inst> insts = new ArrayList<>(block.insts.size());
            for (Value parameter : block.parameters) {
                Operation found = constant(parameter);
                if (found != null) {
                    Inst constant = draft.inst(found, block.at);
                    insts.add(constant);
                    draft.replace(parameter, constant.result());
                    changed = true;
                }
            }
            for (Inst inst : block.insts) {
                Operation found = inst.op().operands().isEmpty() ? null : constant(inst.result());
                insts.add(found == null ? inst : new Inst(inst.result(), found, inst.at()));
                changed |= found != null;
            }
            block.insts = insts;
            int only = only(block.terminator);
            if (only >= 0 && !(block.terminator instanceof Terminator.Jump)) {
                block.terminator =
                        new Terminator.Jump(block.terminator.targets().get(only));
                changed = true;
            }
        }
        return changed ? draft.freeze() : function;
    }
}
