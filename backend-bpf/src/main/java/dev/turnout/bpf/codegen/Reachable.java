package dev.turnout.bpf.codegen;

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

/** The functions that become code: programs, and what they can come to call. */
final class Reachable {
    private Reachable() {}

    /**
     * In the order of the module. A module without programs is a library: all its subprograms are kept.
     */
    static List<Function> functions(Module module) {
        Map<String, Function> byName = new HashMap<>();
        Map<String, CallTable> tables = new HashMap<>();
        Deque<Function> work = new ArrayDeque<>();
        Set<String> kept = new HashSet<>();
        module.tables().forEach(table -> tables.put(table.name(), table));
        boolean library = true;
        for (Function function : module.functions()) {
            byName.put(function.name(), function);
            library &= !(function.kind() instanceof Function.Kind.Program);
        }
        for (Function function : module.functions()) {
            if (function.kind() instanceof Function.Kind.Program
                    || (library && function.kind() instanceof Function.Kind.Subprogram)) {
                kept.add(function.name());
                work.add(function);
            }
        }
        if (library) {
            tables.values().forEach(table -> table.candidates().forEach(row -> keep(row, byName, kept, work)));
        }
        while (!work.isEmpty()) {
            for (Block block : work.pop().blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Call call) {
                        keep(call.function(), byName, kept, work);
                    } else if (inst.op() instanceof Operation.Address address && address.region() == Region.FUNCTION) {
                        keep(address.name(), byName, kept, work);
                    } else if (inst.op() instanceof Operation.Address address && tables.containsKey(address.name())) {
                        tables.get(address.name()).candidates().forEach(row -> keep(row, byName, kept, work));
                    }
                }
            }
        }
        List<Function> all = new ArrayList<>();
        for (Function function : module.functions()) {
            if (kept.contains(function.name())) {
                all.add(function);
            }
        }
        return all;
    }

    /** The tables that code reads; of a library all. */
    static List<CallTable> tables(Module module) {
        Set<String> read = new HashSet<>();
        boolean library = true;
        for (Function function : functions(module)) {
            library &= !(function.kind() instanceof Function.Kind.Program);
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Address address && address.region() == Region.GLOBAL) {
                        read.add(address.name());
                    }
                }
            }
        }
        boolean all = library;
        return module.tables().stream()
                .filter(table -> all || read.contains(table.name()))
                .toList();
    }

    /** The variables that the source names, for others may read or set them, and the literals that code reads; tests read others. */
    static List<Global> globals(Module module) {
        Set<String> read = new HashSet<>();
        for (Function function : functions(module)) {
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Address address) {
                        read.add(address.name());
                    }
                }
            }
        }
        return module.globals().stream()
                .filter(global -> !ObjectLayout.isUnnamed(global) || read.contains(global.name()))
                .toList();
    }

    private static void keep(String name, Map<String, Function> byName, Set<String> kept, Deque<Function> work) {
        Function function = byName.get(name);
        if (function != null && kept.add(name)) {
            work.add(function);
        }
    }
}
