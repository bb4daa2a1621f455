package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.AliasAnalysis;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.ConvertOp;
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
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Computes in front of a loop what is the same in every round of it.
 *
 * <pre>
 * b0(v0: i32, v1: i32):                   b0(v0: i32, v1: i32):
 *     jump b1(v2)                             v4 = mul i32 v0, v1
 * b1(v3: i32):                                jump b1(v2)
 *     v4 = mul i32 v0, v1          =&gt;     b1(v3: i32):
 *     v5 = add i32 v3, v4                     v5 = add i32 v3, v4
 *     …                                       …
 *     branch v6 ? b1(v5) : b2                 branch v6 ? b1(v5) : b2
 * </pre>
 *
 * <p>An operation moves if its operands are defined outside of the loop, or have moved, and if every round computes it. A pure
 * one cannot fail, so it may be computed early; a load moves only if the first round is sure to do it before control can leave
 * the loop (then it is no new access) and if nothing in the loop may write there ({@link AliasAnalysis}). Inner loops are done first; what
 * they gave to the loop around them may go on outwards.
 *
 * <p>BPF has ten registers, and a value that waits takes one for the whole loop: it would push another one to the stack, where
 * it costs as much in each round as was gained. So the registers that a loop needs already are counted, and an operation
 * moves while there is one left: 9, or the 4 that survive calls where the loop calls. What a back end folds into another
 * instruction gains nothing and stays: comparisons (their branch does them), narrowing, and constant offsets.
 *
 * <p>What says where memory is accessed stays, too, as do pointers into packets. Linux's verifier forgets what it knew of a
 * number that a loop keeps, and asks for a bounds test beside each access at a varying place; the range must be computed
 * where it is used. Cost: liveness once a loop that has something to move, else linear.
 */
public final class HoistInvariants {
    /** Registers that values can wait in: r0 to r9, without one that is needed to compute. */
    private static final int REGISTERS = 9;

    private static final int REGISTERS_OVER_CALLS = 4;

    /** In a loop that writes more often than this, loads stay: each would be compared with each write. */
    private static final int MOST_WRITERS = 64;

    private final Draft draft;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final LoopForest loops;
    private final Definitions definitions;
    private final AliasAnalysis aliases;
    private final BitSet places = new BitSet();

    /** By value: the block where it is defined now. */
    private final int[] home;

    private boolean changed;

    private HoistInvariants(Function function, ControlFlowGraph graph, DominatorTree tree, LoopForest loops) {
        this.graph = graph;
        this.tree = tree;
        this.loops = loops;
        draft = new Draft(function);
        definitions = Definitions.of(function);
        aliases = AliasAnalysis.of(function);
        home = new int[function.valueCount()];
        Arrays.fill(home, -1);
        for (Draft.DraftBlock block : draft.order()) {
            block.parameters.forEach(parameter -> home[parameter.index()] = block.index);
            block.insts.forEach(inst -> home[inst.result().index()] = block.index);
        }
    }

    public static Function run(Function function) {
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        DominatorTree tree = DominatorTree.of(graph);
        LoopForest loops = LoopForest.of(graph, tree);
        return loops.loops().isEmpty() || loops.irreducible()
                ? function
                : new HoistInvariants(function, graph, tree, loops).run();
    }

    private Function run() {
        findPlaces();
        for (int i = loops.loops().size() - 1; i >= 0; i--) {
            hoist(i);
        }
        return changed ? draft.freeze() : draft.function();
    }

    /** Marks what indices of accesses and offsets of bounds tests are computed from. */
    private void findPlaces() {
        List<Value> work = new ArrayList<>();
        for (Draft.DraftBlock block : draft.order()) {
            for (Inst inst : block.insts) {
                if (inst.op() instanceof Operation.Offset offset) {
                    work.add(offset.index());
                }
            }
            if (block.terminator instanceof Terminator.Checked checked) {
                work.add(checked.offset());
            }
        }
        while (!work.isEmpty()) {
            Value value = work.removeLast();
            if (!places.get(value.index())) {
                places.set(value.index());
                Operation op = definitions.op(value);
                if (op != null && op.effect() == Effect.PURE) {
                    work.addAll(op.operands());
                } else if (op == null) {
                    work.addAll(given(value));
                }
            }
        }
    }

    /** What is passed for a parameter. */
    private List<Value> given(Value parameter) {
        int block = definitions.block(parameter);
        List<Value> all = new ArrayList<>();
        for (int from : graph.predecessors(block)) {
            Terminator terminator = draft.block(from).terminator;
            List<Target> targets = terminator.targets();
            for (int i = 0; i < targets.size(); i++) {
                int skipped = terminator instanceof Terminator.Checked && i == 0 ? 1 : 0;
                int position = -1 - definitions.position(parameter) - skipped;
                if (targets.get(i).block().index() == block && position >= 0) {
                    all.add(targets.get(i).arguments().get(position));
                }
            }
        }
        return all;
    }

    private void hoist(int number) {
        LoopForest.Loop loop = loops.loops().get(number);
        List<Operation> writers = writers(loop);
        List<Inst> moving = new ArrayList<>();
        int room = -1;
        for (int at : loop.blocks()) {
            if (!isInEveryRound(loop, at)) {
                continue;
            }
            boolean first = isBeforeEveryExit(number, loop, at);
            Draft.DraftBlock block = draft.block(at);
            for (Inst inst : List.copyOf(block.insts)) {
                if (!mayMove(number, inst, writers, first)) {
                    continue;
                }
                room = room < 0 ? room(loop) : room;
                int needed = 1 - freed(inst);
                if (needed <= room) {
                    room -= needed;
                    block.insts.remove(inst);
                    home[inst.result().index()] = -1;
                    moving.add(inst);
                }
            }
        }
        if (!moving.isEmpty()) {
            changed = true;
            Draft.DraftBlock front = front(number, loop);
            front.insts.addAll(moving);
            moving.forEach(inst -> home[inst.result().index()] = front.index);
        }
    }

    private boolean isInEveryRound(LoopForest.Loop loop, int block) {
        return loop.latches().stream().allMatch(latch -> tree.dominates(block, latch));
    }

    private boolean isBeforeEveryExit(int number, LoopForest.Loop loop, int block) {
        for (int at : loop.blocks()) {
            for (Target target : draft.block(at).terminator.targets()) {
                if (!isInside(number, target.block().index()) && !tree.dominates(block, at)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a block is in the loop; those that were put in front of loops are in none. */
    private boolean isInside(int loop, int block) {
        return block >= 0 && block < graph.size() && loops.contains(loop, block);
    }

    /** What the loop does that may write to memory. */
    private List<Operation> writers(LoopForest.Loop loop) {
        List<Operation> writers = new ArrayList<>();
        for (int at : loop.blocks()) {
            for (Inst inst : draft.block(at).insts) {
                Effect effect = inst.op().effect();
                if (effect == Effect.WRITES || effect == Effect.CALLS) {
                    writers.add(inst.op());
                }
            }
        }
        return writers;
    }

    /** Whether nothing in a loop writes to where an operation reads. */
    private boolean isKept(Operation load, List<Operation> writers) {
        AliasAnalysis.Place place = aliases.access(load);
        return place != null
                && writers.size() <= MOST_WRITERS
                && writers.stream().noneMatch(writer -> aliases.mayWrite(writer, place));
    }

    private boolean mayMove(int loop, Inst inst, List<Operation> writers, boolean first) {
        for (Value operand : inst.op().operands()) {
            if (isInside(loop, home[operand.index()])) {
                return false;
            }
        }
        return !places.get(inst.result().index())
                && switch (inst.op()) {
                    case Operation.Unary _, Operation.Binary _, Operation.Select _, Operation.Difference _ -> true;
                    case Operation.Convert convert -> convert.op() == ConvertOp.SEXT;
                    case Operation.Offset offset ->
                        !inst.result().type().equals(Type.ptr(Region.PACKET))
                                && !(definitions.op(offset.index()) instanceof Operation.Const);
                    case Operation.Load _, Operation.LoadContext _ -> first && isKept(inst.op(), writers);
                    case Operation.Const _,
                            Operation.Null _,
                            Operation.Compare _,
                            Operation.Slot _,
                            Operation.Address _,
                            Operation.Store _,
                            Operation.Atomic _,
                            Operation.Call _,
                            Operation.CallPointer _,
                            Operation.CallHelper _,
                            Operation.CallKernel _,
                            Operation.CallHost _,
                            Operation.Prove _,
                            Operation.Opaque _ -> false;
                };
    }

    /** Operands that nothing else waits for: their registers are free once the operation has moved. */
    private int freed(Inst inst) {
        int freed = 0;
        for (Value operand : inst.op().operands()) {
            boolean takes = takesRegister(operand);
            freed += takes && definitions.uses(operand) == 1 ? 1 : 0;
        }
        return freed;
    }

    private boolean takesRegister(Value value) {
        if (value.index() >= home.length) {
            // A parameter of a block that was put in front of a loop.
            return true;
        }
        return switch (definitions.op(value)) {
            case Operation.Const _, Operation.Null _, Operation.Slot _, Operation.Address _ -> false;
            case null, default -> !(value.type() instanceof Type.Void);
        };
    }

    /** Registers that the loop leaves to what waits in front of it. */
    private int room(LoopForest.Loop loop) {
        BitSet[] live = liveAtStart();
        int most = 0;
        boolean calls = false;
        for (int at : loop.blocks()) {
            most = Math.max(most, live[at].cardinality());
            for (Inst inst : draft.block(at).insts) {
                calls |= inst.op().effect() == Effect.CALLS;
            }
        }
        return Math.max(0, (calls ? REGISTERS_OVER_CALLS : REGISTERS) - most - 1);
    }

    /** By block: the values that take a register when it begins, parameters included. */
    private BitSet[] liveAtStart() {
        BitSet[] live = new BitSet[draft.size()];
        Arrays.setAll(live, _ -> new BitSet());
        boolean again = true;
        while (again) {
            again = false;
            for (Draft.DraftBlock block : draft.order().reversed()) {
                BitSet now = new BitSet();
                for (Target target : block.terminator.targets()) {
                    BitSet behind = (BitSet) live[target.block().index()].clone();
                    draft.block(target.block()).parameters.forEach(parameter -> behind.clear(parameter.index()));
                    now.or(behind);
                    use(now, target.arguments());
                }
                use(now, block.terminator.operands());
                for (int k = block.insts.size() - 1; k >= 0; k--) {
                    now.clear(block.insts.get(k).result().index());
                    use(now, block.insts.get(k).op().operands());
                }
                // A parameter takes its register whether or not it is used.
                use(now, block.parameters);
                if (!now.equals(live[block.index])) {
                    live[block.index] = now;
                    again = true;
                }
            }
        }
        return live;
    }

    private void use(BitSet live, List<Value> values) {
        for (Value value : values) {
            if (takesRegister(value)) {
                live.set(value.index());
            }
        }
    }

    /** The block in front of the loop, to which all ways into it lead. */
    private Draft.DraftBlock front(int number, LoopForest.Loop loop) {
        Draft.DraftBlock header = draft.block(loop.header());
        List<Draft.DraftBlock> before = new ArrayList<>();
        for (Draft.DraftBlock block : draft.order()) {
            boolean leads = block.terminator.targets().stream()
                    .anyMatch(target -> target.block().index() == header.index);
            if (leads && !isInside(number, block.index)) {
                before.add(block);
            }
        }
        if (before.size() == 1 && before.getFirst().terminator instanceof Terminator.Jump) {
            return before.getFirst();
        }
        Draft.DraftBlock front = draft.insert(before.getLast(), header.at);
        List<Value> passed = new ArrayList<>();
        for (Value parameter : header.parameters) {
            passed.add(draft.fresh(parameter.type()));
        }
        front.parameters.addAll(passed);
        front.terminator = new Terminator.Jump(new Target(new Label(header.index), passed));
        for (Draft.DraftBlock block : before) {
            block.terminator = block.terminator.map(
                    same -> same,
                    target -> target.block().index() == header.index ? target.retargeted(front.label()) : target);
        }
        return front;
    }
}
