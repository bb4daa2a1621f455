package dev.turnout.driver.load;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Presets of {@code prog_array} maps: names of programs by index, as the dump of one shows them. */
public final class ProgramPreset {
    private ProgramPreset() {}

    /**
     * The programs that presets name, which have to be loaded besides the one that is run.
     *
     * @param presets by the names of maps
     */
    public static List<String> named(BpfObject object, Map<String, Datum> presets) {
        List<String> names = new ArrayList<>();
        presets.forEach((name, preset) -> {
            Optional<ObjectMap> map = object.map(name);
            if (map.isPresent() && map.get().kind() == MapKind.PROG_ARRAY) {
                read(preset).ifPresent(rows -> names.addAll(rows.values()));
            }
        });
        return names.stream()
                .distinct()
                .filter(name -> object.programs().stream()
                        .anyMatch(program -> program.name().equals(name)))
                .toList();
    }

    /**
     * Names by index.
     *
     * @return empty if a row is no index with a name
     */
    static Optional<SortedMap<Integer, String>> read(Datum preset) {
        SortedMap<Integer, String> rows = new TreeMap<>();
        for (Datum one : MapView.rows(preset).orElse(List.of())) {
            if (!(one instanceof Datum.Fields(Map<String, Datum> row))
                    || !row.keySet().equals(Set.of("key", "value"))
                    || !(row.get("key") instanceof Datum.Number key)
                    || key.value().signum() < 0
                    || key.value().bitLength() > 31
                    || !(row.get("value") instanceof Datum.Text(String name))) {
                return Optional.empty();
            }
            rows.put(key.value().intValueExact(), name);
        }
        return MapView.rows(preset).map(_ -> rows);
    }

    /** False if something was refused, which was reported. */
    static boolean put(LoadedObject object, ProgramArrayMap array, Datum preset, Diagnostics diagnostics) {
        Optional<SortedMap<Integer, String>> rows = read(preset);
        if (rows.isEmpty()) {
            MapView.refuse(array.definition(), "", "a list of indices and names of programs was wanted", diagnostics);
            return false;
        }
        for (Map.Entry<Integer, String> row : rows.get().entrySet()) {
            RunnableProgram program = object.programs().get(row.getValue());
            if (program == null) {
                MapView.refuse(
                        array.definition(),
                        "index " + row.getKey(),
                        "there is no program `" + row.getValue() + "`",
                        diagnostics);
                return false;
            }
            if (!array.put(row.getKey(), program, diagnostics)) {
                return false;
            }
        }
        return true;
    }
}
