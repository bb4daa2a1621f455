package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Gives results of map operations their sign back. Before 6.4 Linux calls the map's own function in the helper's place, and that
 * returns 32 bits: -7 comes back as 0xfffffff9 (measured on 6.1).
 *
 * <pre>
 * before: v = helper i64 map_push_elem(m, x, f)      after: r = helper i64 map_push_elem(m, x, f)
 *                                                           n = trunc i32 r
 *                                                           v = sext i64 n
 * </pre>
 *
 * <p>Linear.
 */
final class ExtendResults {
    private static final Set<HelperFunction> SHORT = EnumSet.of(
            HelperFunction.MAP_UPDATE_ELEM,
            HelperFunction.MAP_DELETE_ELEM,
            HelperFunction.MAP_PUSH_ELEM,
            HelperFunction.MAP_POP_ELEM,
            HelperFunction.MAP_PEEK_ELEM,
            HelperFunction.FOR_EACH_MAP_ELEM,
            HelperFunction.REDIRECT_MAP);

    private ExtendResults() {}

    static Function run(Function function) {
        Definitions definitions = Definitions.of(function);
        Draft draft = new Draft(function);
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>();
            for (Inst inst : block.insts()) {
                if (isShort(inst.op()) && definitions.uses(inst.result()) > 0) {
                    Value result = draft.emit(insts, inst.op(), inst.at());
                    Operation half = new Operation.Convert(ConvertOp.TRUNC, result, Int.I32);
                    Value low = draft.emit(insts, half, inst.at());
                    insts.add(new Inst(inst.result(), new Operation.Convert(ConvertOp.SEXT, low, Int.I64), inst.at()));
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

    private static boolean isShort(Operation op) {
        return op instanceof Operation.CallHelper call
                && call.type().equals(Int.I64)
                && SHORT.stream().anyMatch(helper -> helper.word().equals(call.helper()));
    }
}
