package dev.turnout.driver.run;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.ProgramPreset;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapEntry;
import dev.turnout.runtime.map.MapView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Presets of maps in the kernel: the same data as for maps of ours. */
record KernelPreset(KernelObject kernel, Diagnostics diagnostics) {
    /** False if something was refused, which was reported. */
    boolean put(String name, Datum preset) {
        Optional<KernelMap> map = kernel.map(name, diagnostics);
        return map.isPresent()
                && switch (map.get().definition().kind().valueKind()) {
                    case PROGRAM -> programs(map.get(), preset);
                    case MAP -> nested(map.get(), preset);
                    case PLAIN, DESCRIPTOR, OTHER -> entries(map.get(), preset);
                };
    }

    private boolean entries(KernelMap map, Datum preset) {
        Optional<List<MapEntry>> entries = MapView.read(map.definition(), preset, map.slots(), diagnostics);
        if (entries.isEmpty()) {
            return false;
        }
        for (MapEntry entry : entries.get()) {
            if (!taken(map, map.update(entry.key(), entry.values(), 0))) {
                return false;
            }
        }
        return true;
    }

    private boolean programs(KernelMap map, Datum preset) {
        Optional<SortedMap<Integer, String>> rows = ProgramPreset.read(preset);
        if (rows.isEmpty()) {
            MapView.refuse(map.definition(), "", "a list of indices and names of programs was wanted", diagnostics);
            return false;
        }
        for (Map.Entry<Integer, String> row : rows.get().entrySet()) {
            Optional<KernelProgram> program = kernel.program(row.getValue());
            if (program.isEmpty()) {
                MapView.refuse(
                        map.definition(),
                        "index " + row.getKey(),
                        "there is no program `" + row.getValue() + "`",
                        diagnostics);
                return false;
            }
            if (!taken(map, map.put(row.getKey(), program.get()))) {
                return false;
            }
        }
        return true;
    }

    private boolean nested(KernelMap outer, Datum preset) {
        Optional<List<Datum>> rows = MapView.rows(preset);
        if (rows.isEmpty()) {
            MapView.refuse(outer.definition(), "", "an object with a list `entries` was wanted", diagnostics);
            return false;
        }
        for (Datum one : rows.get()) {
            MapView.Row row = MapView.Row.of(one).orElse(null);
            if (row == null || row.key() == null) {
                MapView.refuse(outer.definition(), "", "entries with `key` and `value` were wanted", diagnostics);
                return false;
            }
            StringBuilder why = new StringBuilder();
            Optional<ByteString> key = MapView.key(outer.definition(), row.key(), why);
            if (key.isEmpty()) {
                MapView.refuse(outer.definition(), "a key", why.toString(), diagnostics);
                return false;
            }
            Optional<KernelMap> inner = inner(outer, row.value());
            if (inner.isEmpty() || !taken(outer, outer.put(key.get(), inner.get(), 0))) {
                return false;
            }
        }
        return true;
    }

    private Optional<KernelMap> inner(KernelMap outer, Datum value) {
        if (value instanceof Datum.Text(String name)) {
            return kernel.map(name, diagnostics);
        }
        return kernel.unnamed(outer.definition().inner().orElseThrow(), diagnostics)
                .filter(inner -> entries(inner, value));
    }

    private boolean taken(KernelMap map, int result) {
        if (result < 0) {
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.U0107,
                    "the kernel refuses an entry of map `" + map.definition().name() + "` with error " + -result));
        }
        return result >= 0;
    }
}
