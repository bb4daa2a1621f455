package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Loops as calls of {@code bpf_loop}, where a target has no {@code may_goto}. Linux 6.1 walks a plain loop round by round, along
 * every way through each; the body of a callback it walks once.
 *
 * <pre>
 * before: jump head(0)                             after: store 0 to s; …; call loop(8388608, body, s, 0)
 *         head(i): may_goto test else spent               k = load s; branch k == 1 ? out : spent
 *         test: branch i &lt; n ? more : out
 *         more: … jump head(i + 1)                 body(_, s): i = opaque load s + 8; n = load s + 16
 *                                                         branch i &lt; n ? more : stop
 *                                                  more:  … store i + 1 to s + 8; return 0
 *                                                  stop:  store 1 to s; return 1
 * </pre>
 *
 * <p>What the loop carries, needs and leaves behind lies in a slot of the caller's frame. Linux 6.1 does not look at second
 * rounds, nor at none, and believes what it knows of that slot: a state that goes from 1 to 2 to 3 ends as "not 3" for it, and
 * an index that it took for 0 is not checked (measured). So every number that a callback may change is hidden when it is loaded,
 * in the callback and behind the loop. Pointers cannot be hidden; a loop that changes one stays as it is. All ways out of the
 * loop meet behind the call, each with a number.
 *
 * <p>Loops were made to converge before ({@link ConvergeLoops}): the checkpoint says which loops are meant, and what their bodies
 * rely on is tested in them.
 */
final class OutlineLoops {
    private OutlineLoops() {}

    /** The function with calls in place of its loops with a checkpoint, then the callbacks, inner ones first. */
    static List<Function> run(Function function, Held.Takers takers) {
        List<Function> callbacks = new ArrayList<>();
        Function now = function;
        while (true) {
            ControlFlowGraph graph = ControlFlowGraph.of(now);
            DominatorTree dominators = DominatorTree.of(graph);
            LoopForest loops = LoopForest.of(graph, dominators);
            LoopForest.@Nullable Loop deepest = null;
            for (int at : graph.order()) {
                if (now.blocks().get(at).terminator() instanceof Terminator.MayGoto && loops.innermost(at) >= 0) {
                    LoopForest.Loop loop = loops.loops().get(loops.innermost(at));
                    deepest = deepest == null || loop.depth() > deepest.depth() ? loop : deepest;
                }
            }
            if (deepest == null) {
                break;
            }
            Held held = Held.of(now, takers);
            if (obstacle(now, deepest, held).isEmpty()) {
                LoopCallback.Made made = LoopCallback.of(
                        now,
                        deepest,
                        dominators,
                        held.at(deepest.header()),
                        function.name() + "__loop" + callbacks.size());
                callbacks.add(made.callback());
                now = made.caller();
            } else {
                now = plain(now, deepest);
            }
        }
        List<Function> all = new ArrayList<>();
        all.add(oneState(plain(now, null)));
        callbacks.forEach(callback -> all.add(oneState(callback)));
        return all;
    }

    /** Loops that are left side by side in a function are over before the next begins: one place is enough for their states. */
    private static Function oneState(Function function) {
        List<Inst> kept = new ArrayList<>();
        @Nullable Inst first = null;
        int bytes = 0;
        Map<Value, Value> same = new HashMap<>();
        for (Inst inst : function.entry().insts()) {
            if (inst.op() instanceof Operation.Slot slot && slot.name().equals(LoopCallback.STATE)) {
                bytes = Math.max(bytes, slot.size());
                first = first == null ? inst : first;
                same.put(inst.result(), first.result());
            } else {
                kept.add(inst);
            }
        }
        if (first == null || same.size() == 1) {
            return function;
        }
        kept.addFirst(
                new Inst(first.result(), new Operation.Slot(bytes, LoopCallback.WORD, LoopCallback.STATE), first.at()));
        List<Block> blocks = new ArrayList<>();
        UnaryOperator<Value> renamed = value -> same.getOrDefault(value, value);
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>();
            for (Inst inst : block.equals(function.entry()) ? kept : block.insts()) {
                insts.add(new Inst(inst.result(), inst.op().map(renamed), inst.at()));
            }
            blocks.add(new Block(
                    block.label(), block.parameters(), insts, block.terminator().mapValues(renamed), block.at()));
        }
        return function.withBlocks(blocks);
    }

    /** Without the checkpoints of a loop, or of all. */
    private static Function plain(Function function, LoopForest.@Nullable Loop loop) {
        Draft draft = new Draft(function);
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.MayGoto(Target next, Target _)
                    && (loop == null || loop.blocks().contains(block.label().index()))) {
                draft.setTerminator(block.label().index(), new Terminator.Jump(next));
            }
        }
        return draft.build();
    }

    /** Why a loop cannot be a callback; empty if it can. Calls of helpers are what a lock does not allow. */
    static String obstacle(Function function, LoopForest.Loop loop, Held held) {
        if (held.at(loop.header()).containsValue(Held.Release.UNLOCK)) {
            return "a lock around";
        }
        Set<Integer> inside = new HashSet<>(loop.blocks());
        Block header = function.blocks().get(loop.header());
        Set<Value> made = new HashSet<>();
        for (int at : loop.blocks()) {
            Block block = function.blocks().get(at);
            made.addAll(block.parameters());
            block.insts().forEach(inst -> made.add(inst.result()));
            if (block.terminator() instanceof Terminator.TailCall) {
                return "a tail call inside";
            }
        }
        for (Block block : function.blocks()) {
            boolean within = inside.contains(block.label().index());
            if (!within && uses(block).stream().anyMatch(value -> made.contains(value) && isPointer(value))) {
                return "a pointer that it leaves behind";
            }
            for (Target target : block.terminator().targets()) {
                boolean back = within && target.block().equals(header.label());
                boolean out = within && !inside.contains(target.block().index());
                int given = function.block(target.block()).parameters().size()
                        - target.arguments().size();
                if ((back || out || target.block().equals(header.label())) && given > 0) {
                    return "a pointer that a check passes on";
                }
                for (int i = 0; i < target.arguments().size(); i++) {
                    Value passed = target.arguments().get(i);
                    boolean changed = back && !passed.equals(header.parameters().get(i));
                    if (isPointer(passed) && (changed || (out && made.contains(passed)))) {
                        return "a pointer that changes";
                    }
                }
            }
        }
        return "";
    }

    static boolean isPointer(Value value) {
        return value.type() instanceof Type.Ptr;
    }

    /** What a block reads, arguments included. */
    static List<Value> uses(Block block) {
        List<Value> uses = new ArrayList<>();
        for (Inst inst : block.insts()) {
            uses.addAll(inst.op().operands());
        }
        uses.addAll(block.terminator().operands());
        block.terminator().targets().forEach(target -> uses.addAll(target.arguments()));
        return uses;
    }

    /** Numbers that are read from frames, hidden where a callback may have written them unseen. */
    static Function hideLoads(Function function) {
        Draft draft = new Draft(function);
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>(block.insts().size());
            Set<Value> hidden = new HashSet<>();
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Opaque opaque) {
                    hidden.add(opaque.a());
                }
            }
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Load load
                        && load.type() instanceof Type.Int
                        && inFrame(load.address())
                        && !hidden.contains(inst.result())) {
                    Value seen = draft.emit(insts, load, inst.at());
                    insts.add(new Inst(inst.result(), new Operation.Opaque(seen), inst.at()));
                } else {
                    insts.add(inst);
                }
            }
            if (insts.size() > block.insts().size()) {
                draft.set(block.label().index(), insts, block.terminator());
            }
        }
        return draft.build();
    }

    private static boolean inFrame(Value address) {
        return address.type() instanceof Type.Ptr pointer
                && switch (pointer.region()) {
                    case STACK, ANY -> true;
                    case CONTEXT, PACKET, PACKET_END, MAP, MAP_VALUE, GLOBAL, FUNCTION, KERNEL -> false;
                };
    }
}
