package dev.turnout.runtime.image;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.runtime.map.FunctionArrayMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The function tables of a loaded object, by name, in the order in which programs brought them. Safe for many threads. */
final class LiveTables {
    private final Map<String, LiveTable> tables = new LinkedHashMap<>();

    synchronized Map<String, LiveTable> byName() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    }

    /**
     * Makes a program's table one of those of its name, unless the program's code reads no row of it: then nothing is to be kept alike,
     * and functions may be gone that the others still have.
     *
     * @return false if they cannot be one
     */
    synchronized boolean bind(BpfProgram program, FunctionArrayMap map, Functions definition) {
        if (!reads(program, map)) {
            return true;
        }
        List<Integer> starts = definition.candidates();
        List<String> names =
                starts.stream().map(start -> program.functionAt(start).name()).toList();
        String name = map.definition().name();
        LiveTable known = tables.get(name);
        // Each program has its functions in an order of its own.
        List<String> candidates = names.stream().sorted().toList();
        if (known == null) {
            List<String> rows = definition.rows().stream()
                    .map(row -> row == Functions.MISSING
                            ? ""
                            : program.functionAt(row).name())
                    .toList();
            known = new LiveTable(name, definition, rows, candidates);
            tables.put(name, known);
        } else if (!known.fits(definition, candidates)) {
            return false;
        }
        known.bind(map, names, starts);
        return true;
    }

    private static boolean reads(BpfProgram program, FunctionArrayMap map) {
        return program.code().insns().stream()
                .anyMatch(insn -> insn instanceof Insn.Wide wide
                        && wide.kind() == WideKind.MAP_INDEX_VALUE
                        && program.maps().get(wide.low()).equals(map.definition()));
    }

    synchronized void unbind(FunctionArrayMap map) {
        LiveTable table = tables.get(map.definition().name());
        if (table != null) {
            table.unbind(map);
        }
    }
}
