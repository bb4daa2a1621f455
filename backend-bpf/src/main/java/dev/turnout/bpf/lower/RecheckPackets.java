package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks of its own for accesses to the packet at places that vary in a converging loop. In a plain loop Linux's verifier
 * knows the index of each round, and one check in front covers all; in a converging one it knows a range only, and what it
 * proved of the packet's start says nothing of the start plus an unknown number. So each such pointer is compared with the
 * packet's end where it is made. The comparison holds whenever the first one did.
 *
 * <pre>
 * before: p = offset start, i; v = load p      after: checked start + i, 1 &lt;= end ? ok : spent
 *                                                     ok(p): v = load p
 * </pre>
 */
final class RecheckPackets {
    private final Draft draft;
    private final Function function;
    private final Held held;
    private final Map<Value, List<Inst>> users = new HashMap<>();
    private final Set<Value> constants = new HashSet<>();
    private final Set<Value> escaping = new HashSet<>();

    /** The indices to look at; null if all. */
    private @Nullable Set<Value> asked;

    private RecheckPackets(Function function, Held held) {
        this.function = function;
        this.held = held;
        this.draft = new Draft(function);
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Const) {
                    constants.add(inst.result());
                }
                inst.op()
                        .operands()
                        .forEach(value -> users.computeIfAbsent(value, _ -> new ArrayList<>())
                                .add(inst));
            }
            escaping.addAll(block.terminator().operands());
            block.terminator().targets().forEach(target -> escaping.addAll(target.arguments()));
        }
    }

    static Function run(Function function, Held.Takers takers, TargetProfile target) {
        if (target == TargetProfile.VM || !hasCheckpoint(function)) {
            return function;
        }
        RecheckPackets pass = new RecheckPackets(function, Held.of(function, takers));
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        DominatorTree dominators = DominatorTree.of(graph);
        LoopForest loops = LoopForest.of(graph, dominators);
        boolean[] converging = new boolean[loops.loops().size()];
        for (int i = 0; i < converging.length; i++) {
            for (int at : loops.loops().get(i).blocks()) {
                converging[i] |= function.blocks().get(at).terminator() instanceof Terminator.MayGoto;
            }
        }
        Set<Value> unsure = Unsure.of(function, loops, converging);
        for (int at : graph.order()) {
            int loop = loops.innermost(at);
            boolean here = loop >= 0 && converging[loop];
            pass.asked = here ? null : unsure;
            if (here || (loop >= 0 && !unsure.isEmpty())) {
                Value end = pass.end(at, dominators);
                if (end != null) {
                    pass.block(at, end);
                }
            }
        }
        return pass.draft.build();
    }

    private static boolean hasCheckpoint(Function function) {
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.MayGoto) {
                return true;
            }
        }
        return false;
    }

    /** The packet's end, as far as it is known in a block; null if it is not. */
    private @Nullable Value end(int block, DominatorTree dominators) {
        for (int at = dominators.parent(block); at >= 0; at = dominators.parent(at)) {
            for (Inst inst : function.blocks().get(at).insts()) {
                if (inst.result().type().equals(Type.ptr(Region.PACKET_END))) {
                    return inst.result();
                }
            }
        }
        return null;
    }

    private void block(int number, Value end) {
        int at = number;
        int from = 0;
        int done = 0;
        while (true) {
            Block block = draft.block(at);
            int found = next(block, from);
            if (found < 0) {
                return;
            }
            Inst inst = block.insts().get(found);
            Operation.Offset offset = (Operation.Offset) inst.op();
            // The check defines what the offset defined, so that no use needs to be renamed.
            Label ok = draft.add(
                    List.of(inst.result()),
                    block.insts().subList(found + 1, block.insts().size()),
                    block.terminator(),
                    block.at());
            draft.set(
                    at,
                    block.insts().subList(0, found),
                    new Terminator.Checked(
                            offset.base(),
                            offset.index(),
                            reach(inst.result()),
                            end,
                            Target.to(ok),
                            Target.to(draft.failing(held.at(number, done + found)))));
            at = ok.index();
            done += found + 1;
            from = 0;
        }
    }

    private int next(Block block, int from) {
        for (int i = from; i < block.insts().size(); i++) {
            Inst inst = block.insts().get(i);
            if (inst.op() instanceof Operation.Offset offset
                    && inst.result().type().equals(Type.ptr(Region.PACKET))
                    && !constants.contains(offset.index())
                    && (asked == null || asked.contains(offset.index()))
                    && reach(inst.result()) > 0) {
                return i;
            }
        }
        return -1;
    }

    /** Bytes that are accessed from a pointer on; 0 if that cannot be said or some lie before it. */
    private int reach(Value pointer) {
        if (escaping.contains(pointer)) {
            return 0;
        }
        int reach = 0;
        for (Inst user : users.getOrDefault(pointer, List.of())) {
            int offset;
            int bytes;
            switch (user.op()) {
                case Operation.Load load -> {
                    offset = load.offset();
                    bytes = load.type().byteSize();
                }
                case Operation.Store store -> {
                    offset = store.offset();
                    bytes = store.value().equals(pointer)
                            ? -1
                            : store.value().type().byteSize();
                }
                default -> {
                    return 0;
                }
            }
            if (offset < 0 || bytes < 0) {
                return 0;
            }
            reach = Math.max(reach, offset + bytes);
        }
        return reach;
    }
}
