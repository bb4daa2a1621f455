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

/** Gives {@code config} declarations their values: writes into the read-only data of an object, before it is verified. */
public final class ConfigValues {
    private ConfigValues() {}

    /**
     * @param values by name, as JSON or as a bare word (a member of an enum)
     * @return empty if something was reported
     */
    public static Optional<BpfObject> apply(BpfObject object, Map<String, String> values, Diagnostics diagnostics) {
        if (values.isEmpty()) {
            return Optional.of(object);
        }
        List<DataSection> sections = new ArrayList<>(object.data());
        boolean right = true;
        for (Map.Entry<String, String> value : values.entrySet()) {
            right &= set(sections, value.getKey(), value.getValue(), diagnostics);
        }
        return right ? Optional.of(object.withData(sections)) : Optional.empty();
    }

    private static boolean set(List<DataSection> sections, String name, String text, Diagnostics diagnostics) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            DataSection section = sections.get(i);
            if (!section.frozen()) {
                continue;
            }
            for (DataSection.Variable variable : section.variables()) {
                if (variable.name().startsWith(DataSection.VALUE_TABLE_PREFIX)) {
                    continue;
                }
                // A constant that was given no name is not for people to set.
                if (variable.name().indexOf('.') < 0) {
                    names.add(variable.name());
                }
                if (variable.name().equals(name)) {
                    StringBuilder why = new StringBuilder();
                    Datum datum = DatumJson.parse(text, new StringBuilder()).orElseGet(() -> new Datum.Text(text));
                    Optional<ByteString> bytes = TypedBytes.read(variable.type(), datum, variable.size(), why);
                    if (bytes.isEmpty()) {
                        diagnostics.report(Diagnostic.general(
                                        DiagnosticCode.U0110, "`" + text + "` is no value for `" + name + "`")
                                .withNote(why.toString()));
                        return false;
                    }
                    sections.set(i, section.with(variable.offset(), bytes.get()));
                    return true;
                }
            }
        }
        diagnostics.report(Diagnostic.general(DiagnosticCode.U0110, "the program has no `config` called `" + name + "`")
                .withNote(names.isEmpty() ? "it has none at all" : "it has `" + String.join("`, `", names) + "`"));
        return false;
    }
}
