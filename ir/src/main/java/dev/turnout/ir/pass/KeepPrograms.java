package dev.turnout.ir.pass;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a module becomes an object: the programs, and the functions that they reach by calls, by their addresses and
 * through tables. Test blocks go, with what only they use; so does the data that the compiler made for code that went
 * (its names have a dot in them). Variables and maps that the user declared stay, used or not: others see them by their names.
 * A table of functions that no program reads goes: it would only keep its functions.
 *
 * <p>Without a program nothing would stay, so then every function but the tests does: such a module is a library to be
 * looked at. Linear.
 */
public final class KeepPrograms {
    private final Map<String, Function> functions = new HashMap<>();
    private final Map<String, CallTable> tables = new HashMap<>();
    private final Set<String> reached = new HashSet<>();
    private final Set<String> globals = new HashSet<>();
    private final Deque<Function> work = new ArrayDeque<>();

    private KeepPrograms() {}

    public static Module run(Module module) {
        return new KeepPrograms().keep(module);
    }

    private Module keep(Module module) {
        boolean hasProgram = false;
        for (Function function : module.functions()) {
            functions.put(function.name(), function);
            hasProgram |= function.kind() instanceof Function.Kind.Program;
        }
        for (Function function : module.functions()) {
            switch (function.kind()) {
                case Function.Kind.Program _ -> reach(function.name());
                case Function.Kind.Subprogram _ -> {
                    if (!hasProgram) {
                        reach(function.name());
                    }
                }
                case Function.Kind.Test _ -> {}
            }
        }
        module.tables().forEach(table -> tables.put(table.name(), table));
        if (!hasProgram) {
            module.tables().forEach(table -> table.candidates().forEach(this::reach));
        }
        while (!work.isEmpty()) {
            follow(work.remove());
        }
        List<Function> kept = new ArrayList<>(reached.size());
        for (Function function : module.functions()) {
            if (reached.contains(function.name())) {
                kept.add(function);
            }
        }
        List<Global> data = new ArrayList<>(module.globals().size());
        for (Global global : module.globals()) {
            if (global.name().indexOf('.') < 0 || globals.contains(global.name())) {
                data.add(global);
            }
        }
        List<CallTable> used = new ArrayList<>(module.tables().size());
        for (CallTable table : module.tables()) {
            if (!hasProgram || globals.contains(table.name())) {
                used.add(table);
            }
        }
        return new Module(
                module.name(),
                module.license(),
                data,
                module.maps(),
                module.keys(),
                used,
                module.fields(),
                module.kernelFunctions(),
                kept);
    }

    private void reach(String name) {
        Function function = functions.get(name);
        if (function != null && reached.add(name)) {
            work.add(function);
        }
    }

    private void follow(Function function) {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Call call) {
                    reach(call.function());
                } else if (inst.op() instanceof Operation.Address address) {
                    if (address.region() == Region.FUNCTION) {
                        reach(address.name());
                    } else if (address.region() == Region.GLOBAL) {
                        globals.add(address.name());
                        CallTable table = tables.get(address.name());
                        if (table != null) {
                            table.candidates().forEach(this::reach);
                        }
                    }
                }
            }
        }
    }
}
