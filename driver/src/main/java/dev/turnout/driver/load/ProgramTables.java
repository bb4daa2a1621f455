package dev.turnout.driver.load;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code prog_array} maps of an object, and the programs that it puts into them. */
public final class ProgramTables {
    private ProgramTables() {}

    /** Those of an object that hold something at load. */
    public static List<ObjectMap> filled(BpfObject object) {
        return object.maps().stream()
                .filter(map -> map.kind() == MapKind.PROG_ARRAY && !map.rows().isEmpty())
                .toList();
    }

    /**
     * Programs, and behind them all those that their tail calls may lead to: a run that begins in one of the first needs the others
     * too.
     *
     * @return empty if one of the others cannot be linked, which was reported
     */
    public static Optional<List<BpfProgram>> withTargets(
            BpfObject object, List<BpfProgram> programs, Diagnostics diagnostics) {
        List<BpfProgram> all = new ArrayList<>(programs);
        Set<String> names = new HashSet<>();
        programs.forEach(program -> names.add(program.name()));
        List<ObjectMap> tables = filled(object);
        boolean right = true;
        for (int next = 0; next < all.size(); next++) {
            for (MapDefinition used : all.get(next).maps()) {
                for (ObjectMap table : tables) {
                    if (!table.name().equals(used.name())) {
                        continue;
                    }
                    for (ObjectMap.Row row : table.rows()) {
                        if (names.add(row.symbol())) {
                            Optional<BpfProgram> target = ProgramLoader.load(object, row.symbol(), diagnostics);
                            target.ifPresent(all::add);
                            right &= target.isPresent();
                        }
                    }
                }
            }
        }
        return right ? Optional.of(all) : Optional.empty();
    }
}
