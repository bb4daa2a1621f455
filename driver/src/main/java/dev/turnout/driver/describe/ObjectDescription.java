package dev.turnout.driver.describe;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.ObjectSource;
import dev.turnout.frontend.type.DebugTypes;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object as loaders see it.
 *
 * @param name of the file, without folder and ending
 * @param target that it was built for; empty for an object file
 * @param sections of data, keys' section included
 * @param keys switches that can be set while programs run
 * @param tables of functions; on targets without indirect calls only the text has them
 * @param types named structs and enums that maps, variables and keys use, and those that the text declares (records of events are among
 *     them); each before those that contain it
 */
public record ObjectDescription(
        String name,
        Optional<String> target,
        String license,
        List<Program> programs,
        List<ObjectMap> maps,
        List<DataSection> sections,
        List<Key> keys,
        List<Table> tables,
        List<DebugType> types) {
    public ObjectDescription {
        programs = List.copyOf(programs);
        maps = List.copyOf(maps);
        sections = List.copyOf(sections);
        keys = List.copyOf(keys);
        tables = List.copyOf(tables);
        types = List.copyOf(types);
    }

    /** A function that can be loaded as a program. */
    public record Program(String name, String section, Optional<ProgramType> type) {}

    /**
     * A key.
     *
     * @param initial before anybody sets it
     * @param place its variable in the section {@code .data.keys}; empty on a target that patches code
     */
    public record Key(String name, DebugType type, long initial, Optional<DataSection.Variable> place) {}

    /**
     * A table of functions.
     *
     * @param rows names in index order; empty for a row that is missing
     */
    public record Table(String name, List<String> rows, boolean mutable) {
        public Table {
            rows = List.copyOf(rows);
        }
    }

    /** The variables of a section that a loader may want to see or set: those that have a name of their own. */
    public static List<DataSection.Variable> named(DataSection section) {
        return section.variables().stream()
                .filter(variable -> variable.exported()
                        && variable.name().indexOf('.') < 0
                        && variable.size() > 0
                        && variable.type().size() == variable.size())
                .toList();
    }

    /** Describes a file; empty if its text is wrong, which its compilation says. */
    public static Optional<ObjectDescription> of(ObjectSource source) {
        return source.object().map(object -> of(source, object));
    }

    private static ObjectDescription of(ObjectSource source, BpfObject object) {
        List<Program> programs = new ArrayList<>();
        for (ObjectFunction function : object.programs()) {
            String section = object.sectionOf(function.name()).orElseThrow().name();
            programs.add(new Program(function.name(), section, ProgramType.ofSection(section)));
        }
        List<Key> keys = keys(object);
        Types types = new Types();
        for (ObjectMap map : object.maps()) {
            types.add(map.key());
            types.add(map.value());
            map.inner().ifPresent(inner -> {
                types.add(inner.key());
                types.add(inner.value());
            });
        }
        for (DataSection section : object.data()) {
            named(section).forEach(variable -> types.add(variable.type()));
        }
        keys.forEach(key -> types.add(key.type()));
        source.text().flatMap(Compilation::typed).ifPresent(typed -> declared(typed, source.name(), types));
        return new ObjectDescription(
                stem(source.name()),
                source.text().map(text -> text.options().target().word()),
                object.license(),
                programs,
                object.maps(),
                object.data(),
                keys,
                tables(source, object),
                List.copyOf(types.inOrder.values()));
    }

    private static String stem(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        int dot = name.indexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }

    private static List<Key> keys(BpfObject object) {
        List<Key> keys = new ArrayList<>();
        for (ObjectKey key : object.keys()) {
            keys.add(new Key(key.name(), key.type(), key.initial(), Optional.empty()));
        }
        Optional<DataSection> section = object.dataSection(ObjectKey.BYTES_SECTION);
        for (DataSection.Variable variable : section.map(DataSection::variables).orElse(List.of())) {
            long initial = 0;
            for (int i = Math.min(8, variable.size()) - 1; i >= 0; i--) {
                initial = initial << 8
                        | Byte.toUnsignedLong(section.orElseThrow().bytes().at(variable.offset() + i));
            }
            keys.add(new Key(variable.name(), variable.type(), initial, Optional.of(variable)));
        }
        return keys;
    }

    private static List<Table> tables(ObjectSource source, BpfObject object) {
        List<Table> tables = new ArrayList<>();
        for (FunctionTable table : object.functionTables()) {
            tables.add(new Table(table.name(), table.rows(), table.mutable()));
        }
        if (tables.isEmpty() && source.text().isPresent()) {
            for (CallTable table : source.text()
                    .flatMap(Compilation::lowered)
                    .map(low -> low.module().tables())
                    .orElse(List.of())) {
                tables.add(new Table(table.name(), table.rows(), table.mutable()));
            }
        }
        return tables;
    }

    /** What the main text declares, used by maps or not: an event's record is in no map's type. */
    private static void declared(TypedProgram typed, String file, Types types) {
        DebugTypes forms = new DebugTypes();
        for (EnumType enumeration : typed.enums()) {
            if (enumeration.declared().file().name().equals(file)) {
                types.add(forms.of(enumeration));
            }
        }
        for (StructType struct : typed.structs()) {
            if (struct.declared().file().name().equals(file) && struct.kind() != StructType.Kind.KERNEL) {
                types.add(forms.of(struct));
            }
        }
    }

    /** Named structs and enums by name, parts first. The first of a name is kept: an object has one type of each. */
    private static final class Types {
        final Map<String, DebugType> inOrder = new LinkedHashMap<>();

        void add(DebugType type) {
            switch (type) {
                case DebugType.Typedef(String _, DebugType of) -> add(of);
                case DebugType.Array(DebugType of, long _) -> add(of);
                case DebugType.Struct struct -> {
                    if (!struct.members().isEmpty() && !inOrder.containsKey(struct.name())) {
                        struct.members().forEach(member -> add(member.type()));
                        if (!struct.name().isEmpty()) {
                            inOrder.putIfAbsent(struct.name(), struct);
                        }
                    }
                }
                case DebugType.Enumeration enumeration -> {
                    if (!enumeration.name().isEmpty()) {
                        inOrder.putIfAbsent(enumeration.name(), enumeration);
                    }
                }
                case DebugType.Void _, DebugType.Integer _, DebugType.Pointer _, DebugType.Function _ -> {}
            }
        }
    }
}
