package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves the test of a loop from its top to its bottom: a round takes one jump less. The first test stays in front as a
 * guard, which folding removes where it is known to hold.
 *
 * <pre>
 * b0(v0: i32):                            b0(v0: i32):
 *     v1 = const i32 0                        v1 = const i32 0
 *     v2 = const i32 1                        v2 = const i32 1
 *     jump b1(v1)                             v3 = ult i32 v1, v0
 * b1(v3: i32):                     =>         branch v3 ? b1(v1) : b2(v1)
 *     v4 = ult i32 v3, v0                 b1(v4: i32):
 *     branch v4 ? b2 : b3                     v5 = add i32 v4, v2
 * b2:                                         v6 = ult i32 v5, v0
 *     v5 = add i32 v3, v2                     branch v6 ? b1(v5) : b2(v5)
 *     jump b1(v5)                         b2(v7: i32):
 * b3:                                         return v7
 *     return v3
 * </pre>
 *
 * <p>The header is copied to the end of each way into it and the copies decide where to go; values that it defines get a
 * definition a copy, and SSA form is made anew for them ({@link RepairSsa}). Done for natural loops whose header is short,
 * calls nothing and ends with a branch of which one side leaves the loop. Headers with {@code may_goto} or static branches
 * are left: the first is where Linux looks for convergence, the second is never copied.
 */
public final class RotateLoops {
    /** A header of more instructions than this is not copied. */
    private static final int MOST = 8;

    private RotateLoops() {}

    public static Function run(Function function) {
        Function now = function;
        // One loop at a time, since each changes the graph; a rotated loop does not qualify again.
        for (int round = 0; round < 64; round++) {
            Function next = rotateOne(now);
            if (next == null) {
                return now;
            }
            now = next;
        }
        return now;
    }

    private static @Nullable Function rotateOne(Function function) {
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        LoopForest loops = LoopForest.of(graph, DominatorTree.of(graph));
        if (loops.irreducible()) {
            return null;
        }
        for (int i = loops.loops().size() - 1; i >= 0; i--) {
            if (qualifies(function, graph, loops, i)) {
                return rotate(function, loops, loops.loops().get(i).header());
            }
        }
        return null;
    }

    private static boolean qualifies(Function function, ControlFlowGraph graph, LoopForest loops, int loop) {
        int header = loops.loops().get(loop).header();
        var block = function.blocks().get(header);
        if (!(block.terminator() instanceof Terminator.Branch branch)) {
            return false;
        }
        boolean staysThen = loops.contains(loop, branch.then().block().index());
        boolean staysElse = loops.contains(loop, branch.otherwise().block().index());
        if (staysThen == staysElse) {
            return false;
        }
        int inside = (staysThen ? branch.then() : branch.otherwise()).block().index();
        // A loop of one block has its test at the bottom already.
        if (inside == header || block.insts().size() > MOST) {
            return false;
        }
        for (int from : graph.predecessors(header)) {
            Terminator way = function.blocks().get(from).terminator();
            // A loop that ends with a choice has its test at the bottom already.
            boolean isLatch = loops.contains(loop, from);
            if (way instanceof Terminator.Checked || (isLatch && !(way instanceof Terminator.Jump))) {
                return false;
            }
        }
        for (Inst inst : block.insts()) {
            if (inst.op().effect() == Effect.CALLS || inst.op() instanceof Operation.Slot) {
                return false;
            }
        }
        return true;
    }

    private static Function rotate(Function function, LoopForest loops, int number) {
        Draft draft = new Draft(function);
        Draft.DraftBlock header = draft.block(number);
        // Where the body begins with another loop, the two get a block between them: else both would have one header.
        header.terminator = header.terminator.map(
                same -> same,
                target -> isHeader(loops, target)
                        ? stepped(draft, header, target, target.block().index())
                        : target);
        Map<Integer, Map<Integer, Value>> copies = new HashMap<>();
        List<Value> defined = new ArrayList<>(header.parameters);
        header.insts.forEach(inst -> defined.add(inst.result()));
        for (Value value : defined) {
            copies.put(value.index(), new HashMap<>());
        }
        for (Draft.DraftBlock from : List.copyOf(draft.order())) {
            if (!(from.terminator instanceof Terminator.Jump)) {
                from.terminator = from.terminator.map(same -> same, target -> stepped(draft, from, target, number));
            }
        }
        for (Draft.DraftBlock from : List.copyOf(draft.order())) {
            if (from.terminator instanceof Terminator.Jump jump
                    && jump.to().block().index() == number) {
                copy(draft, header, from, jump.to(), copies);
            }
        }
        // The header itself is not reached any more; its values live on in the copies.
        new RepairSsa(draft).run(defined, copies);
        return draft.freeze();
    }

    private static boolean isHeader(LoopForest loops, Target target) {
        return loops.loops().stream()
                .anyMatch(loop -> loop.header() == target.block().index());
    }

    /** An edge to the header gets a block of its own, which the copy can stand in. */
    private static Target stepped(Draft draft, Draft.DraftBlock from, Target target, int header) {
        if (target.block().index() != header) {
            return target;
        }
        Draft.DraftBlock step = draft.insert(from, from.at);
        step.terminator = new Terminator.Jump(target);
        return Target.to(step.label());
    }

    private static void copy(
            Draft draft,
            Draft.DraftBlock header,
            Draft.DraftBlock to,
            Target way,
            Map<Integer, Map<Integer, Value>> copies) {
        Map<Integer, Value> own = new HashMap<>();
        for (int i = 0; i < header.parameters.size(); i++) {
            own.put(header.parameters.get(i).index(), way.arguments().get(i));
        }
        for (Inst inst : header.insts) {
            Inst copy = draft.inst(inst.op().map(value -> own.getOrDefault(value.index(), value)), inst.at());
            own.put(inst.result().index(), copy.result());
            to.insts.add(copy);
        }
        to.terminator = header.terminator.mapValues(value -> own.getOrDefault(value.index(), value));
        to.at = header.at;
        own.forEach((old, value) -> {
            Map<Integer, Value> known = copies.get(old);
            if (known != null) {
                known.put(to.index, value);
            }
        });
    }
}
