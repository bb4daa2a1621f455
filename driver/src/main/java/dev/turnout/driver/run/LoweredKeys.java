package dev.turnout.driver.run;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TypedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys of an object for Linux: each is a byte of the data section {@code .data.keys}. */
final class LoweredKeys {
    private static final String SECTION = ".data.keys";

    /** What the variable of a key is called, before the key's own name. */
    private static final String VARIABLE = "BPF.SK.";

    private LoweredKeys() {}

    /** Gives keys their values before the object is loaded; empty if something was reported. */
    static Optional<BpfObject> apply(BpfObject object, Map<String, String> keys, Diagnostics diagnostics) {
        List<DataSection> sections = new ArrayList<>(object.data());
        for (Map.Entry<String, String> key : keys.entrySet()) {
            if (!set(sections, key.getKey(), key.getValue(), diagnostics)) {
                return Optional.empty();
            }
        }
        return Optional.of(new BpfObject(
                object.license(),
                object.sections(),
                sections,
                object.maps(),
                object.jumpTables(),
                object.functionTables(),
                object.keys()));
    }

    private static boolean set(List<DataSection> sections, String name, String text, Diagnostics diagnostics) {
        for (int i = 0; i < sections.size(); i++) {
            DataSection section = sections.get(i);
            if (!section.name().equals(SECTION)) {
                continue;
            }
            for (DataSection.Variable variable : section.variables()) {
                if (variable.name().equals(VARIABLE + name)) {
                    StringBuilder why = new StringBuilder();
                    Datum datum = DatumJson.parse(text, new StringBuilder()).orElseGet(() -> new Datum.Text(text));
                    Optional<ByteString> value = TypedBytes.read(variable.type(), datum, variable.size(), why);
                    if (value.isEmpty()) {
                        diagnostics.report(Diagnostic.general(
                                        DiagnosticCode.U0102, "`" + text + "` is no value for key `" + name + "`")
                                .withNote(why.toString()));
                        return false;
                    }
                    byte[] bytes = section.bytes().toArray();
                    System.arraycopy(
                            value.get().toArray(),
                            0,
                            bytes,
                            variable.offset(),
                            value.get().size());
                    sections.set(
                            i,
                            new DataSection(
                                    section.name(), ByteString.copyOf(bytes), section.align(), section.variables()));
                    return true;
                }
            }
        }
        diagnostics.report(Diagnostic.general(DiagnosticCode.U0102, "the program has no key `" + name + "`"));
        return false;
    }
}
