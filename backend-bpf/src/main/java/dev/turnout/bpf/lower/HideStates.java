package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * Hides what the state of a walk through a map begins with. Linux's verifier follows the calls one by one while it can tell them
 * apart: a counter that begins as 0 differs in each, and at some 8,000 calls it gives up. Numbers that it does not know are the
 * same in every call, and it stops after two.
 *
 * <pre>
 * before: call for_each_map_elem(m, f, s)    after: v = load i64 s; w = opaque v; store w to s; …
 *                                                   call for_each_map_elem(m, f, s)
 * </pre>
 *
 * <p>On Linux targets a frame holds no pointers but those of the compiler's own, so what is hidden are numbers. Linear.
 */
final class HideStates {
    /** Counters and sums stand in front of what is larger. */
    private static final int MOST = 64;

    private HideStates() {}

    static Function run(Function function, TargetProfile target) {
        if (target == TargetProfile.VM) {
            return function;
        }
        Definitions definitions = Definitions.of(function);
        Draft draft = new Draft(function);
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>();
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.CallHelper call
                        && call.helper().equals(HelperFunction.FOR_EACH_MAP_ELEM.word())
                        && definitions.op(call.arguments().get(2)) instanceof Operation.Slot slot) {
                    hide(draft, insts, call.arguments().get(2), slot, inst);
                }
                insts.add(inst);
            }
            if (insts.size() > block.insts().size()) {
                draft.set(block.label().index(), insts, block.terminator());
            }
        }
        return draft.build();
    }

    private static void hide(Draft draft, List<Inst> insts, Value state, Operation.Slot slot, Inst call) {
        int end = Math.min(slot.size(), MOST);
        for (int at = 0; at < end; ) {
            int bytes = Math.min(8, Integer.highestOneBit(end - at));
            Value known =
                    draft.emit(insts, new Operation.Load(new Int(bytes * 8), state, at, ByteOrder.LITTLE), call.at());
            Value hidden = draft.emit(insts, new Operation.Opaque(known), call.at());
            draft.emit(insts, new Operation.Store(state, at, hidden, ByteOrder.LITTLE), call.at());
            at += bytes;
        }
    }
}
