package dev.turnout.bpf.codegen;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the variables of a module lie in the data sections, and what each name means in the object. */
final class ObjectLayout {
    private final List<DataSection> sections = new ArrayList<>();
    private final Map<String, Reference> named = new HashMap<>();
    private final Map<String, Reference> tables = new HashMap<>();

    static ObjectLayout of(Module module, List<Global> keyBytes) {
        ObjectLayout layout = new ObjectLayout();
        for (Global.Section section : Global.Section.values()) {
            layout.section(
                    section.elfName(),
                    module.globals().stream()
                            .filter(global -> global.section() == section)
                            .toList());
        }
        layout.section(ObjectKey.BYTES_SECTION, keyBytes);
        for (MapDeclaration map : module.maps()) {
            layout.named.put(map.name(), new Reference.ToMap(map.name()));
        }
        for (CallTable table : module.tables()) {
            layout.tables.put(table.name(), new Reference.ToFunctionTable(table.name()));
        }
        return layout;
    }

    private void section(String name, List<Global> globals) {
        if (globals.isEmpty()) {
            return;
        }
        int size = 0;
        int align = 1;
        List<DataSection.Variable> variables = new ArrayList<>();
        for (Global global : globals) {
            int at = (size + global.align() - 1) / global.align() * global.align();
            variables.add(new DataSection.Variable(global.name(), at, global.size(), global.type(), true));
            named.put(global.name(), new Reference.ToData(name, at));
            size = at + global.size();
            align = Math.max(align, global.align());
        }
        byte[] bytes = new byte[size];
        for (int i = 0; i < globals.size(); i++) {
            byte[] initial = globals.get(i).initial().toArray();
            System.arraycopy(initial, 0, bytes, variables.get(i).offset(), initial.length);
        }
        sections.add(new DataSection(name, ByteString.copyOf(bytes), align, variables));
    }

    List<DataSection> sections() {
        return sections;
    }

    Reference reference(Operation.Address address) {
        return switch (address.region()) {
            case FUNCTION -> tables.getOrDefault(address.name(), new Reference.ToFunction(address.name()));
            case GLOBAL, MAP, STACK, CONTEXT, PACKET, PACKET_END, MAP_VALUE, ANY -> {
                Reference found = named.get(address.name());
                if (found == null) {
                    found = tables.get(address.name());
                }
                if (found == null) {
                    throw new IllegalStateException("nothing is called " + address.name());
                }
                yield found;
            }
        };
    }
}
