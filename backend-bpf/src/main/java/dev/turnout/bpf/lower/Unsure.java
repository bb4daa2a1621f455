package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Numbers that are computed from what converging loops carry: a verifier knows only ranges of them, also where they are used in
 * a plain loop inside.
 */
final class Unsure {
    private Unsure() {}

    /** As often over the function as such numbers pass through headers one behind the other, which is seldom more than twice. */
    static Set<Value> of(Function function, LoopForest loops, boolean[] converging) {
        Set<Value> found = new HashSet<>();
        for (int i = 0; i < converging.length; i++) {
            if (converging[i]) {
                found.addAll(
                        function.blocks().get(loops.loops().get(i).header()).parameters());
            }
        }
        boolean grew = !found.isEmpty();
        while (grew) {
            grew = false;
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    boolean computed = inst.op() instanceof Operation.Binary
                            || inst.op() instanceof Operation.Unary
                            || inst.op() instanceof Operation.Convert
                            || inst.op() instanceof Operation.Select;
                    if (computed && inst.op().operands().stream().anyMatch(found::contains)) {
                        grew |= found.add(inst.result());
                    }
                }
                for (Target target : block.terminator().targets()) {
                    List<Value> parameters = function.block(target.block()).parameters();
                    int given = parameters.size() - target.arguments().size();
                    for (int i = 0; i < target.arguments().size(); i++) {
                        if (found.contains(target.arguments().get(i))) {
                            grew |= found.add(parameters.get(i + given));
                        }
                    }
                }
            }
        }
        return found;
    }
}
