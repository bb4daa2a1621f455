package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loops in the form in which Linux's verifier stops after two or three rounds, whatever their number. It walks a plain loop
 * round by round, and a loop whose body branches it walks along every way through every round; at a {@code may_goto} it
 * compares states by inclusion, and stops when the state fits into one that it has seen. It does fit if every number that
 * the loop carries starts as one that the verifier does not know.
 *
 * <pre>
 * before: jump head(0)                          after: z = opaque 0; jump head(z)
 *         head(i): branch i &lt; 9 ? body : out          head(i): branch i &lt; 9 ? check : out
 *         body: … jump head(i + 1)                     check: may_goto body else spent
 * </pre>
 *
 * The way out of {@code may_goto} is taken only when the kernel's budget of rounds is spent, which bounded loops never do;
 * it returns 0. The test that bounds the counter stays in front, so that what the body relies on is said afresh in each
 * round. Measured on Linux 6.12 to 7.2.
 */
final class ConvergeLoops {
    private final Function function;
    private final Draft draft;
    private final TargetLowering.Listener listener;
    private final ControlFlowGraph graph;
    private final LoopForest loops;
    private @Nullable Label spent;

    private ConvergeLoops(Function function, TargetLowering.Listener listener) {
        this.function = function;
        this.draft = new Draft(function);
        this.listener = listener;
        this.graph = ControlFlowGraph.of(function);
        this.loops = LoopForest.of(graph, DominatorTree.of(graph));
    }

    static Function run(Function function, TargetProfile target, TargetLowering.Listener listener) {
        if (target == TargetProfile.VM || !target.has(Feature.MAY_GOTO)) {
            return function;
        }
        ConvergeLoops pass = new ConvergeLoops(function, listener);
        for (LoopForest.Loop loop : pass.loops.loops()) {
            String why = pass.reason(loop);
            if (!why.isEmpty()) {
                pass.converge(loop, why);
            }
        }
        return pass.draft.build();
    }

    /** Why the plain form would not do; empty if it would. */
    private String reason(LoopForest.Loop loop) {
        int ways = 0;
        for (int at : loop.blocks()) {
            Terminator end = function.blocks().get(at).terminator();
            if (end instanceof Terminator.MayGoto) {
                return ""; // somebody has made it converge
            }
            int inside = 0;
            for (Target to : end.targets()) {
                inside += loop.blocks().contains(to.block().index()) ? 1 : 0;
            }
            if (end instanceof Terminator.Switch && inside > 4) {
                return "a switch inside";
            }
            ways += Math.max(0, inside - 1);
        }
        if (ways > 0) {
            return "its body branches";
        }
        return countedBy(loop) ? "" : "the number of rounds is not constant";
    }

    /** Whether the header compares a parameter with a constant: the number of rounds is then known, or small enough. */
    private boolean countedBy(LoopForest.Loop loop) {
        for (int at : loop.blocks()) {
            Block block = function.blocks().get(at);
            if (!(block.terminator() instanceof Terminator.Branch branch) || !leaves(loop, branch)) {
                continue;
            }
            for (Inst inst : block.insts()) {
                if (inst.result().equals(branch.condition())
                        && inst.op() instanceof Operation.Compare compare
                        && isConstant(compare.b())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean leaves(LoopForest.Loop loop, Terminator end) {
        for (Target to : end.targets()) {
            if (!loop.blocks().contains(to.block().index())) {
                return true;
            }
        }
        return false;
    }

    private boolean isConstant(Value value) {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.result().equals(value)) {
                    return inst.op() instanceof Operation.Const;
                }
            }
        }
        return false;
    }

    private void converge(LoopForest.Loop loop, String why) {
        Block header = draft.block(loop.header());
        hideStarts(loop, header);
        Target inside = insideOf(loop, header);
        if (inside != null) {
            Label check = draft.add(
                    List.of(), List.of(), new Terminator.MayGoto(inside, Target.to(spent(header.at()))), header.at());
            Terminator end = draft.block(loop.header()).terminator();
            draft.setTerminator(
                    loop.header(),
                    end.map(value -> value, target -> target.equals(inside) ? Target.to(check) : target));
        } else {
            front(header);
        }
        listener.became(
                function.name(),
                header.at(),
                "loop",
                "converging: unknown starts, may_goto",
                why + ", so that the kernel's verifier would walk it way by way");
    }

    /** The way into the body, if the header does nothing but decide between it and the way out. */
    private @Nullable Target insideOf(LoopForest.Loop loop, Block header) {
        if (!(header.terminator() instanceof Terminator.Branch branch) || !leaves(loop, branch)) {
            return null;
        }
        for (Inst inst : header.insts()) {
            if (inst.op().effect() != Effect.PURE) {
                return null;
            }
        }
        return loop.blocks().contains(branch.then().block().index()) ? branch.then() : branch.otherwise();
    }

    /** Puts a block in front of the header, which all that led to the header now leads to. */
    private void front(Block header) {
        List<Value> parameters = new ArrayList<>();
        for (Value parameter : header.parameters()) {
            parameters.add(draft.fresh(parameter.type()));
        }
        Label label = draft.add(
                parameters,
                List.of(),
                new Terminator.MayGoto(new Target(header.label(), parameters), Target.to(spent(header.at()))),
                header.at());
        for (int i = 0; i < draft.size(); i++) {
            Terminator end = draft.block(i).terminator();
            if (i != label.index() && leadsTo(end, header.label())) {
                draft.setTerminator(
                        i,
                        end.map(
                                value -> value,
                                target -> target.block().equals(header.label()) ? target.retargeted(label) : target));
            }
        }
    }

    private static boolean leadsTo(Terminator end, Label label) {
        for (Target target : end.targets()) {
            if (target.block().equals(label)) {
                return true;
            }
        }
        return false;
    }

    /** Every number that changes from round to round starts hidden, each by itself: copies would be found equal. */
    private void hideStarts(LoopForest.Loop loop, Block header) {
        boolean[] changes = new boolean[header.parameters().size()];
        for (int latch : loop.latches()) {
            for (Target target : draft.block(latch).terminator().targets()) {
                if (target.block().equals(header.label())) {
                    for (int i = 0; i < changes.length; i++) {
                        changes[i] |= !target.arguments()
                                .get(i)
                                .equals(header.parameters().get(i));
                    }
                }
            }
        }
        for (int from : graph.predecessors(loop.header())) {
            if (loop.latches().contains(from)) {
                continue;
            }
            Block block = draft.block(from);
            List<Inst> insts = new ArrayList<>(block.insts());
            Map<Target, Target> hidden = new HashMap<>();
            for (Target target : block.terminator().targets()) {
                if (target.block().equals(header.label()) && !hidden.containsKey(target)) {
                    List<Value> arguments = new ArrayList<>(target.arguments());
                    for (int i = 0; i < changes.length; i++) {
                        if (changes[i] && arguments.get(i).type() instanceof Type.Int) {
                            arguments.set(i, draft.emit(insts, new Operation.Opaque(arguments.get(i)), block.at()));
                        }
                    }
                    hidden.put(target, new Target(target.block(), arguments));
                }
            }
            draft.set(
                    from, insts, block.terminator().map(value -> value, target -> hidden.getOrDefault(target, target)));
        }
    }

    /** Where control goes if the kernel's budget is spent. */
    private Label spent(Location at) {
        if (spent == null) {
            List<Inst> insts = new ArrayList<>();
            List<Value> result = new ArrayList<>();
            if (function.result() instanceof Type.Int type) {
                result.add(draft.emit(insts, new Operation.Const(type, 0), at));
            } else if (function.result() instanceof Type.Ptr type) {
                result.add(draft.emit(insts, new Operation.Null(type), at));
            }
            spent = draft.add(List.of(), insts, new Terminator.Return(result), at);
        }
        return spent;
    }
}
