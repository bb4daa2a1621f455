package dev.turnout.bpf.codegen;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.KernelField;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the variables of a module lie in the data sections, and what each name means in the object. Grows while code is
 * generated: lowering adds tables of constants. Equal tables are one.
 */
final class ObjectLayout {
    private final Map<String, SectionDraft> drafts = new LinkedHashMap<>();
    private final Map<String, Reference> named = new HashMap<>();
    private final Map<String, Reference> tables = new HashMap<>();
    private final Map<ByteString, Reference> constants = new HashMap<>();

    /** A section that grows. */
    private static final class SectionDraft {
        final List<DataSection.Variable> variables = new ArrayList<>();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int align = 1;
    }

    static ObjectLayout of(Module module, List<Global> keyBytes) {
        ObjectLayout layout = new ObjectLayout();
        for (Global.Section section : Global.Section.values()) {
            layout.drafts.put(section.elfName(), new SectionDraft());
        }
        for (Global global : Reachable.globals(module)) {
            layout.place(global.section().elfName(), global, !isUnnamed(global));
        }
        for (Global key : keyBytes) {
            layout.place(ObjectKey.BYTES_SECTION, key, true);
        }
        for (MapDeclaration map : module.maps()) {
            layout.named.put(map.name(), new Reference.ToMap(map.name()));
        }
        for (KernelField field : module.fields()) {
            layout.named.put(
                    field.name(), new Reference.ToField(field.name(), field.root(), field.access(), field.offset()));
        }
        for (CallTable table : module.tables()) {
            layout.tables.put(table.name(), new Reference.ToFunctionTable(table.name()));
        }
        return layout;
    }

    /** Whether the compiler made it of a literal; a dot is in no name of the language. */
    static boolean isUnnamed(Global global) {
        return global.name().indexOf('.') >= 0;
    }

    private void place(String section, Global global, boolean exported) {
        SectionDraft draft = drafts.computeIfAbsent(section, _ -> new SectionDraft());
        while (draft.bytes.size() % global.align() != 0) {
            draft.bytes.write(0);
        }
        int at = draft.bytes.size();
        draft.bytes.writeBytes(global.initial().toArray());
        draft.align = Math.max(draft.align, global.align());
        draft.variables.add(new DataSection.Variable(global.name(), at, global.size(), global.type(), exported));
        named.put(global.name(), new Reference.ToData(section, at));
    }

    /** Adds constants that the source did not declare; nobody outside can name them. */
    void addTable(Global table) {
        Reference same = constants.get(table.initial());
        if (same instanceof Reference.ToData place && place.offset() % table.align() == 0) {
            named.put(table.name(), same);
            return;
        }
        place(table.section().elfName(), table, false);
        constants.put(table.initial(), named.get(table.name()));
    }

    /** The sections that hold something. */
    List<DataSection> sections() {
        List<DataSection> sections = new ArrayList<>();
        drafts.forEach((name, draft) -> {
            if (!draft.variables.isEmpty()) {
                sections.add(new DataSection(
                        name, ByteString.copyOf(draft.bytes.toByteArray()), draft.align, draft.variables));
            }
        });
        return sections;
    }

    Reference reference(Operation.Address address) {
        return switch (address.region()) {
            case FUNCTION -> tables.getOrDefault(address.name(), new Reference.ToFunction(address.name()));
            case GLOBAL, MAP, STACK, CONTEXT, PACKET, PACKET_END, MAP_VALUE, KERNEL, ANY -> {
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
