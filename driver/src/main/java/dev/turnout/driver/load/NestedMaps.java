package dev.turnout.driver.load;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapOfMaps;
import java.util.List;
import java.util.Optional;

/** Puts the maps that an object names in its maps of maps where it wants them. */
final class NestedMaps {
    private final BpfObject object;
    private final Machine machine;
    private final Diagnostics diagnostics;

    NestedMaps(BpfObject object, Machine machine, Diagnostics diagnostics) {
        this.object = object;
        this.machine = machine;
        this.diagnostics = diagnostics;
    }

    /** False if something was refused, which was reported. */
    boolean fill() {
        // Those that no program uses are not there. A map that is named only in one that is there must be made.
        List<BpfMap> present = List.copyOf(machine.maps().values());
        for (BpfMap map : present) {
            Optional<ObjectMap> declared = object.map(map.definition().name());
            if (map instanceof MapOfMaps outer && declared.isPresent()) {
                for (ObjectMap.Row row : declared.get().rows()) {
                    if (!put(outer, row)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private boolean put(MapOfMaps outer, ObjectMap.Row row) {
        Optional<ObjectMap> named = object.map(row.symbol());
        if (named.isEmpty()) {
            return refused(outer, row, "it is no map of this object");
        }
        if (machine.declare(named.get().definition(), diagnostics).isEmpty()) {
            return false;
        }
        InnerMap inner = machine.inner(row.symbol()).orElseThrow();
        int result = outer.put(key(outer, row.index()), inner, BpfMap.ANY);
        inner.release();
        return result == 0
                || refused(
                        outer, row, outer.fits(inner.map().definition()) ? "error " + -result : "its shape is another");
    }

    /** A number as the first bytes of a key. */
    private static ByteString key(MapOfMaps outer, int index) {
        byte[] key = new byte[outer.definition().keySize()];
        for (int i = 0; i < Math.min(4, key.length); i++) {
            key[i] = (byte) (index >>> (8 * i));
        }
        return ByteString.copyOf(key);
    }

    private boolean refused(MapOfMaps outer, ObjectMap.Row row, String why) {
        diagnostics.report(Diagnostic.general(
                        DiagnosticCode.R0102,
                        "map `" + outer.definition().name() + "` cannot hold `" + row.symbol() + "` at " + row.index())
                .withNote(why));
        return false;
    }
}
