package dev.turnout.linux.load;

import dev.turnout.bpf.btf.BtfBuilder;
import dev.turnout.bpf.btf.BtfExt;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.BtfWriter;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Types of a map's keys and values, as the kernel finds spin locks and timers by.
 *
 * @param types a {@code .BTF}
 * @param key id of the key's type in it; 0 if keys have none
 * @param value id of the value's
 */
record MapTypes(ByteString types, int key, int value) {
    static MapTypes of(MapDefinition definition) {
        BtfBuilder builder = new BtfBuilder();
        int key = builder.add(key(definition));
        int value = builder.add(definition.value());
        BtfWriter.Sections sections = BtfWriter.write(builder.build(), new BtfExt(Map.of(), Map.of(), Map.of()));
        return new MapTypes(sections.btf(), key, value);
    }

    /** Of a section of data, which is an array without keys: its variables with their places. */
    static MapTypes of(MapDefinition definition, DebugType.Struct variables) {
        BtfBuilder builder = new BtfBuilder();
        List<BtfType.Placement> places = new ArrayList<>();
        for (DebugType.Member variable : variables.members()) {
            // The kernel takes no variable of no bytes.
            if (variable.type().size() > 0) {
                int type = builder.add(variable.type());
                int id = builder.add(new BtfType.Variable(variable.name(), type, BtfType.Linkage.GLOBAL));
                places.add(new BtfType.Placement(
                        id, variable.bitOffset() / 8, variable.type().size()));
            }
        }
        int section = builder.add(new BtfType.DataSection(definition.name(), definition.valueSize(), places));
        BtfWriter.Sections sections = BtfWriter.write(builder.build(), new BtfExt(Map.of(), Map.of(), Map.of()));
        return new MapTypes(sections.btf(), 0, section);
    }

    /** The kernel wants a type as long as the key, and a number where keys are indices. */
    private static DebugType key(MapDefinition definition) {
        if (definition.kind().keys() == MapKind.Keys.INDEX) {
            return new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
        }
        return definition.key().size() == definition.keySize()
                ? definition.key()
                : new DebugType.Array(
                        new DebugType.Integer("u8", 8, DebugType.Encoding.UNSIGNED), definition.keySize());
    }
}
