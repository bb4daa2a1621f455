package dev.turnout.driver.describe;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A header for loaders in C, of any library: names of programs and maps as macros, keys and values of maps as types, a struct for each
 * section of variables, places of keys, rows of tables. Every name begins with that of the object, so that headers of several
 * objects stand side by side. C11, no header but the compiler's own.
 */
public final class CHeader {
    private final ObjectDescription object;
    private final String prefix;
    private final String macros;
    private final StringBuilder text = new StringBuilder();

    private CHeader(ObjectDescription object) {
        this.object = object;
        this.prefix = CWords.identifier(object.name()) + "_";
        this.macros = CWords.macro(object.name()) + "_";
    }

    /** The header of an object. */
    public static String of(ObjectDescription object) {
        CHeader header = new CHeader(object);
        header.write();
        return header.text.toString();
    }

    private void write() {
        String guard = macros + "TURN_H";
        line("/* What a loader of `" + CWords.comment(object.name()) + "` wants to know"
                + object.target().map(target -> ", built for " + target).orElse("")
                + ". Written by `turnout build --emit header`. */");
        line("#ifndef " + guard);
        line("#define " + guard);
        line("");
        line("#include <stdbool.h>");
        line("#include <stddef.h>");
        line("#include <stdint.h>");
        types();
        programs();
        object.maps().forEach(this::map);
        object.sections().forEach(this::section);
        keys();
        object.tables().forEach(this::table);
        line("");
        line("#endif");
    }

    private void types() {
        for (DebugType type : object.types()) {
            if (type instanceof DebugType.Enumeration enumeration) {
                enumeration(enumeration);
            } else if (type instanceof DebugType.Struct struct) {
                line("");
                text.append(CStruct.of(prefix, CWords.identifier(struct.name()), struct));
            }
        }
    }

    /** A number of the right width, whose members are macros: C's own enumerations have neither a width nor a scope. */
    private void enumeration(DebugType.Enumeration enumeration) {
        String name = CWords.identifier(enumeration.name());
        line("");
        line("typedef " + CType.width(enumeration.bytes() * 8, enumeration.signed()) + " " + prefix + name + ";");
        for (DebugType.Enumerator member : enumeration.members()) {
            line("#define " + prefix + name + "_" + CWords.identifier(member.name()) + " ((" + prefix + name + ") "
                    + number(member.value(), enumeration.signed()) + ")");
        }
    }

    private static String number(long value, boolean signed) {
        if (!signed) {
            return Long.toUnsignedString(value) + "u" + (value < 0 || value > 0xffffffffL ? "ll" : "");
        }
        // The least number has no literal of its own.
        return value == Long.MIN_VALUE ? "(-9223372036854775807ll - 1)" : value + (value != (int) value ? "ll" : "");
    }

    private void programs() {
        if (!object.programs().isEmpty()) {
            line("");
            line("/* Programs: each is found by its name. */");
        }
        for (ObjectDescription.Program program : object.programs()) {
            line("#define " + macros + "PROG_" + CWords.macro(program.name()) + " " + CWords.literal(program.name())
                    + " /* SEC(\"" + CWords.comment(program.section()) + "\") */");
        }
    }

    private void map(ObjectMap map) {
        String name = CWords.identifier(map.name());
        line("");
        line("/* Map `" + CWords.comment(map.name()) + "`: " + map.kind().word()
                + (map.kind().perCpu() ? ", one value a CPU, each padded to 8 bytes" : "")
                + (map.pinned() ? ", pinned by name" : "") + ". */");
        line("#define " + macros + "MAP_" + CWords.macro(map.name()) + " " + CWords.literal(map.name()));
        if (map.kind().keys() != MapKind.Keys.NONE) {
            typedef(map.key(), map.keySize(), prefix + name + "_key");
        }
        if (map.valueSize() > 0 && map.kind().valueKind() == MapKind.Values.PLAIN) {
            typedef(map.value(), map.valueSize(), prefix + name + "_value");
        }
        line("#define " + macros + CWords.macro(map.name()) + "_MAX_ENTRIES " + map.maxEntries() + "u");
        for (ObjectMap.Row row : map.rows()) {
            line("/* At index " + row.index() + ": `" + CWords.comment(row.symbol()) + "`. */");
        }
    }

    private void typedef(DebugType type, int size, String name) {
        boolean known = type.size() == size && !(type instanceof DebugType.Void);
        line("typedef " + (known ? CType.declare(prefix, type, name) : "uint8_t " + name + "[" + size + "]") + ";"
                + (known && !CType.remark(type).isEmpty() ? " /* " + CType.remark(type) + " */" : ""));
        line("_Static_assert(sizeof(" + name + ") == " + size + ", \"" + name + "\");");
    }

    /** The only value of the section's map, member by member: what a loader maps into its memory, or sets before the load. */
    private void section(DataSection section) {
        List<DebugType.Member> members = new ArrayList<>();
        for (DataSection.Variable variable : ObjectDescription.named(section)) {
            members.add(new DebugType.Member(variable.name(), variable.type(), variable.offset() * 8, 0));
        }
        if (members.isEmpty()) {
            return;
        }
        String name = CWords.identifier(section.name().substring(1));
        line("");
        line("/* Section `" + section.name() + "`: "
                + (section.readOnly()
                        ? "constants, to be set before the load"
                        : "variables, which programs and hosts share")
                + ". */");
        line("#define " + macros + "SECTION_" + CWords.macro(section.name().substring(1)) + " "
                + CWords.literal(section.name()));
        text.append(CStruct.of(
                prefix,
                name,
                new DebugType.Struct(section.name(), section.bytes().size(), members)));
    }

    private void keys() {
        for (ObjectDescription.Key key : object.keys()) {
            String macro = macros + "KEY_" + CWords.macro(key.name());
            line("");
            line("/* Key `" + CWords.comment(key.name()) + "`, " + key.initial() + " at load"
                    + (key.place().isEmpty()
                            ? ", in code that only Turnout's own machine patches. */"
                            : ": bytes of the only value of map `" + ObjectKey.BYTES_SECTION + "`. */"));
            line("#define " + macro + " " + CWords.literal(key.name()));
            key.place().ifPresent(place -> {
                line("#define " + macro + "_OFFSET " + place.offset() + "u");
                line("#define " + macro + "_SIZE " + place.size() + "u");
            });
        }
    }

    private void table(ObjectDescription.Table table) {
        String name = macros + CWords.macro(table.name());
        line("");
        line("/* Table `" + CWords.comment(table.name()) + "`"
                + (table.mutable() ? ", whose rows Turnout's own machine can replace" : "") + ". */");
        line("#define " + name + "_ROWS " + table.rows().size() + "u");
        Set<String> used = new HashSet<>();
        for (int i = 0; i < table.rows().size(); i++) {
            String row = table.rows().get(i);
            if (!row.isEmpty() && used.add(CWords.macro(row))) {
                line("#define " + name + "_ROW_" + CWords.macro(row) + " " + i + "u");
            }
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
