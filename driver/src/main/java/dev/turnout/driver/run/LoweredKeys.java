package dev.turnout.driver.run;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.load.LoadedKey;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TypedBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys of an object for Linux: each is a byte of the data section {@code .data.keys}. */
final class LoweredKeys {
    private LoweredKeys() {}

    /** Gives keys their values before the object is loaded; empty if something was reported. */
    static Optional<BpfObject> apply(BpfObject object, Map<String, String> keys, Diagnostics diagnostics) {
        List<DataSection> sections = new ArrayList<>(object.data());
        for (Map.Entry<String, String> key : keys.entrySet()) {
            if (!set(sections, key.getKey(), key.getValue(), diagnostics)) {
                return Optional.empty();
            }
        }
        return Optional.of(object.withData(sections));
    }

    /** The keys of an object that the kernel has loaded, by name. */
    static Map<String, LoadedKey> of(BpfObject object, KernelObject kernel) {
        Map<String, LoadedKey> keys = new LinkedHashMap<>();
        KernelMap bytes = kernel.maps().get(ObjectKey.BYTES_SECTION);
        if (bytes != null) {
            for (DataSection.Variable variable :
                    object.dataSection(ObjectKey.BYTES_SECTION).orElseThrow().variables()) {
                keys.put(variable.name(), new LoadedKey.InKernel(variable.name(), variable, bytes));
            }
        }
        return keys;
    }

    private static boolean set(List<DataSection> sections, String name, String text, Diagnostics diagnostics) {
        for (int i = 0; i < sections.size(); i++) {
            DataSection section = sections.get(i);
            Optional<DataSection.Variable> key =
                    section.name().equals(ObjectKey.BYTES_SECTION) ? section.variable(name) : Optional.empty();
            if (key.isPresent()) {
                StringBuilder why = new StringBuilder();
                Datum datum = DatumJson.parse(text, new StringBuilder()).orElseGet(() -> new Datum.Text(text));
                Optional<ByteString> value =
                        TypedBytes.read(key.get().type(), datum, key.get().size(), why);
                if (value.isEmpty()) {
                    diagnostics.report(Diagnostic.general(
                                    DiagnosticCode.U0102, "`" + text + "` is no value for key `" + name + "`")
                            .withNote(why.toString()));
                    return false;
                }
                sections.set(i, section.with(key.get().offset(), value.get()));
                return true;
            }
        }
        diagnostics.report(Diagnostic.general(DiagnosticCode.U0102, "the program has no key `" + name + "`"));
        return false;
    }
}
