package dev.turnout.bpf.lower;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.HashMap;
import java.util.Map;

/** Every target has tail calls; all there is to do is to say which they are. */
final class TailCalls {
    private TailCalls() {}

    static void report(Function function, Module module, TargetLowering.Listener listener) {
        Map<Value, Operation> defined = new HashMap<>();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                defined.put(inst.result(), inst.op());
            }
        }
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.TailCall call
                    && defined.get(call.map()) instanceof Operation.Address table) {
                String index = defined.get(call.index()) instanceof Operation.Const constant
                        ? ", slot " + constant.value()
                        : "";
                listener.became(
                        function.name(),
                        block.at(),
                        "tail " + table.name(),
                        "tail call" + index + ", " + programs(module, table.name()),
                        "");
            }
        }
    }

    private static String programs(Module module, String name) {
        for (MapDeclaration map : module.maps()) {
            if (map.name().equals(name)) {
                long programs = map.rows().stream()
                        .map(MapDeclaration.Row::symbol)
                        .distinct()
                        .count();
                return programs + (programs == 1 ? " program in " : " programs in ")
                        + map.rows().size() + " of " + map.maxEntries() + " slots";
            }
        }
        return "a table of another object";
    }
}
