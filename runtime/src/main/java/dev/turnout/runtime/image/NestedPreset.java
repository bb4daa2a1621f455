package dev.turnout.runtime.image;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapOfMaps;
import dev.turnout.runtime.map.MapView;
import java.util.List;
import java.util.Optional;

/**
 * Presets of maps of maps: the value of an entry is a map's content, for which a map of its own is made, or the name of a map of the
 * machine.
 */
record NestedPreset(Machine machine, MapOfMaps outer, Diagnostics diagnostics) {
    /** False if something was refused, which was reported. */
    boolean put(Datum preset) {
        Optional<List<Datum>> rows = MapView.rows(preset);
        if (rows.isEmpty()) {
            return refused("", "an object with a list `entries` was wanted");
        }
        for (int i = 0; i < rows.get().size(); i++) {
            MapView.Row row = MapView.Row.of(rows.get().get(i)).orElse(null);
            if (row == null || row.key() == null) {
                return refused("entry " + i, "an object with `key` and `value` was wanted");
            }
            StringBuilder why = new StringBuilder();
            Optional<ByteString> key = MapView.key(outer.definition(), row.key(), why);
            if (key.isEmpty()) {
                return refused("the key of entry " + i, why.toString());
            }
            if (!put(key.get(), row.value())) {
                return false;
            }
        }
        return true;
    }

    private boolean put(ByteString key, Datum value) {
        Optional<InnerMap> inner = value instanceof Datum.Text(String name) ? named(name) : made(value);
        if (inner.isEmpty()) {
            return false;
        }
        int result = outer.put(key, inner.get(), BpfMap.ANY);
        inner.get().release();
        if (result != 0) {
            MapView.refuse(outer.definition(), "key " + key, result, diagnostics);
        }
        return result == 0;
    }

    private Optional<InnerMap> named(String name) {
        Optional<InnerMap> found = machine.inner(name);
        if (found.isEmpty()) {
            refused("", "there is no map `" + name + "`");
        }
        return found;
    }

    private Optional<InnerMap> made(Datum content) {
        MapDefinition template = outer.template();
        Optional<InnerMap> made = machine.makeInner(template, diagnostics);
        if (made.isPresent() && !MapView.preset(made.get().map(), content, diagnostics)) {
            made.get().release();
            return Optional.empty();
        }
        return made;
    }

    private boolean refused(String where, String why) {
        MapView.refuse(outer.definition(), where, why, diagnostics);
        return false;
    }
}
