package dev.turnout.bpf.lower;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;

/** Says of calls that were to be inlined, and are calls all the same, what is in the way. */
final class KeptCalls {
    private KeptCalls() {}

    static void report(Function function, Module module, TargetLowering.Listener listener) {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Call call) {
                    module.function(call.function())
                            .filter(KeptCalls::isToBeInlined)
                            .ifPresent(callee -> listener.became(
                                    function.name(),
                                    inst.at(),
                                    "call of " + callee.name(),
                                    "a call, though it is `@inline`",
                                    reason(callee)));
                }
            }
        }
    }

    private static boolean isToBeInlined(Function function) {
        return function.kind() instanceof Function.Kind.Subprogram subprogram
                && subprogram.inlining() == Function.Inlining.ALWAYS;
    }

    private static String reason(Function callee) {
        for (Block block : callee.blocks()) {
            if (block.terminator() instanceof Terminator.StaticBranch
                    || block.terminator() instanceof Terminator.StaticSwitch) {
                return "a key is tested in one place, and several calls would make copies of it";
            }
        }
        return "what it is given is of another kind than what it chooses between";
    }
}
