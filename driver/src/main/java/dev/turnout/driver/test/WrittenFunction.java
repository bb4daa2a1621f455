package dev.turnout.driver.test;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A function as it was written, by which its code can be found again. Where it was inlined, its instructions are known by their
 * places in the text, and with it stand the functions that were inlined into it.
 *
 * @param program whether it is a program, whose code is that of all functions it consists of
 * @param places of the function's own statements, and of those of the functions that it calls, by function
 */
public record WrittenFunction(String name, boolean program, Map<String, Set<Location>> places) {
    /** A function of a module in which nothing has been inlined yet. */
    static WrittenFunction of(Module module, String name) {
        boolean program = module.function(name)
                .filter(one -> one.kind() instanceof Function.Kind.Program)
                .isPresent();
        Map<String, Set<Location>> places = new LinkedHashMap<>();
        collect(module, name, places);
        return new WrittenFunction(name, program, places);
    }

    private static void collect(Module module, String name, Map<String, Set<Location>> places) {
        Optional<Function> function = module.function(name);
        if (function.isEmpty() || places.containsKey(name)) {
            return;
        }
        Set<Location> own = new HashSet<>();
        places.put(name, own);
        for (Block block : function.get().blocks()) {
            own.add(block.at());
            for (Inst inst : block.insts()) {
                own.add(inst.at());
                if (inst.op() instanceof Operation.Call call) {
                    collect(module, call.function(), places);
                }
            }
        }
        own.remove(Location.UNKNOWN);
    }

    /** Its code among that of a program; empty if the program does not reach it. */
    BitSet slots(BpfProgram in) {
        BitSet slots = new BitSet();
        if (program) {
            slots.set(0, in.name().equals(name) ? in.code().size() : 0);
            return slots;
        }
        for (BpfProgram.FunctionRange range : in.functions()) {
            if (range.name().equals(name)) {
                slots.set(range.start(), range.end());
                return slots;
            }
        }
        Set<Location> inlined = new HashSet<>();
        places.forEach((function, own) -> {
            if (in.functions().stream().noneMatch(range -> range.name().equals(function))) {
                inlined.addAll(own);
            }
        });
        for (int slot = 0; slot < in.code().size(); slot++) {
            Optional<LineInfo> line = in.lineAt(slot);
            slots.set(slot, line.isPresent() && inlined.contains(place(line.get())));
        }
        return slots;
    }

    private static Location place(LineInfo line) {
        return new Location(line.file(), line.line(), line.column());
    }
}
