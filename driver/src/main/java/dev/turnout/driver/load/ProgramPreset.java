package dev.turnout.driver.load;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Presets of {@code prog_array} maps: names of programs by index, as the dump of one shows them. */
public final class ProgramPreset {
    private ProgramPreset() {}

    /**
     * A program, and behind it those that presets name: they have to be loaded too.
     *
     * @param presets by the names of maps
     * @return empty if one of the others cannot be linked, which was reported
     */
    public static Optional<List<BpfProgram>> with(
            BpfProgram chosen, BpfObject object, Map<String, Datum> presets, Diagnostics diagnostics) {
        List<BpfProgram> wanted = new ArrayList<>(List.of(chosen));
        for (String name : named(object, presets)) {
            if (!name.equals(chosen.name())) {
                Optional<BpfProgram> other = ProgramLoader.load(object, name, diagnostics);
                if (other.isEmpty()) {
                    return Optional.empty();
                }
                wanted.add(other.get());
            }
        }
        return Optional.of(wanted);
    }

    private static List<String> named(BpfObject object, Map<String, Datum> presets) {
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
    public static Optional<SortedMap<Integer, String>> read(Datum preset) {
        SortedMap<Integer, String> rows = new TreeMap<>();
        for (Datum one : MapView.rows(preset).orElse(List.of())) {
            if (!(MapView.Row.of(one).orElse(null)
                            instanceof MapView.Row(Datum.Number(BigInteger key), Datum.Text(String name)))
                    || key.signum() < 0
                    || key.bitLength() > 31) {
                return Optional.empty();
            }
            rows.put(key.intValueExact(), name);
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
