package dev.turnout.bpf.link;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The maps of one program, numbered as its instructions first use them: declared maps, data sections as arrays of one value,
 * jump tables and function tables as instruction arrays. One symbol is one map, however many instructions refer to it.
 */
final class ProgramMaps {
    private static final DebugType INDEX = new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
    private static final DebugType NONE = new DebugType.Void();

    /** A function table may have the name of a map. */
    private static final String TABLE = "table ";

    private final BpfObject object;
    private final String main;
    private final Consumer<Diagnostic> report;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<MapDefinition> definitions = new ArrayList<>();

    ProgramMaps(BpfObject object, String main, Consumer<Diagnostic> report) {
        this.object = object;
        this.main = main;
        this.report = report;
    }

    List<MapDefinition> definitions() {
        return definitions;
    }

    private int add(String symbol, MapDefinition definition) {
        int number = definitions.size();
        definitions.add(definition);
        numbers.put(symbol, number);
        return number;
    }

    int map(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        ObjectMap map =
                object.map(name).orElseThrow(() -> new IllegalArgumentException("the object has no map " + name));
        if (map.kind() == MapKind.PROG_ARRAY && (map.keySize() != 4 || map.valueSize() != 4)) {
            report.accept(Diagnostic.general(
                    DiagnosticCode.O0117,
                    "map `" + name + "` has keys of " + map.keySize() + " bytes and values of " + map.valueSize()
                            + "; those of a `prog_array` have 4"));
        }
        if (!map.rows().isEmpty()) {
            checkRows(map);
        }
        return add(name, map.definition());
    }

    /** Programs of one array share the type of those that go through it. Whoever loads the object fills it. */
    private void checkRows(ObjectMap map) {
        if (map.kind() != MapKind.PROG_ARRAY) {
            return;
        }
        Optional<ProgramType> own = type(main);
        for (ObjectMap.Row row : map.rows()) {
            Optional<ProgramType> other = type(row.symbol());
            if (own.isPresent() && other.isPresent() && own.get() != other.get()) {
                report.accept(Diagnostic.general(
                                DiagnosticCode.O0131,
                                "program `" + main + "` cannot go on in `" + row.symbol() + "`, which map `"
                                        + map.name() + "` holds at index " + row.index())
                        .withNote("`" + main + "` is of type `" + own.get().word() + "`, `" + row.symbol()
                                + "` of type `" + other.get().word() + "`"));
                return;
            }
        }
    }

    private Optional<ProgramType> type(String program) {
        return object.sectionOf(program).flatMap(section -> ProgramType.ofSection(section.name()));
    }

    int data(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        DataSection section = object.dataSection(name)
                .orElseThrow(() -> new IllegalArgumentException("the object has no data section " + name));
        List<DebugType.Member> members = new ArrayList<>();
        for (DataSection.Variable variable : section.variables()) {
            if (!(variable.type() instanceof DebugType.Void) && variable.offset() < Integer.MAX_VALUE / 8) {
                members.add(new DebugType.Member(variable.name(), variable.type(), variable.offset() * 8, 0));
            }
        }
        int size = section.bytes().size();
        return add(
                name,
                new MapDefinition(
                        name,
                        MapKind.ARRAY,
                        4,
                        size,
                        1,
                        section.readOnly() ? MapFlag.RDONLY_PROG.bit() : 0,
                        0,
                        INDEX,
                        members.isEmpty() ? NONE : new DebugType.Struct(name, size, members),
                        new Content.Data(section.bytes(), section.frozen()),
                        Optional.empty(),
                        section.fields()));
    }

    /**
     * The instruction array of a jump table.
     *
     * @param user the function whose instruction refers to it
     * @param at that instruction's slot in its section, for messages
     * @param shift from slots of the user's section to slots of the program
     */
    int jumpTable(String name, String user, int at, int shift) {
        JumpTable table = object.jumpTable(name)
                .orElseThrow(() -> new IllegalArgumentException("the object has no jump table " + name));
        if (!table.owner().equals(user)) {
            report.accept(Diagnostic.general(
                    DiagnosticCode.O0116,
                    "`" + user + "` uses the jump table `" + name + "` at slot " + at + ", whose targets are in `"
                            + table.owner() + "`"));
        }
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        List<Integer> targets = new ArrayList<>(table.targets().size());
        for (int target : table.targets()) {
            targets.add(target + shift);
        }
        // A table of a subprogram has other targets in every program that has a copy of the subprogram, and maps of one
        // name are one map.
        String unique = table.owner().equals(main) ? name : name + "@" + main;
        return add(
                name,
                new MapDefinition(
                        unique,
                        MapKind.INSN_ARRAY,
                        4,
                        16,
                        targets.size(),
                        0,
                        INDEX,
                        NONE,
                        new Content.Targets(targets)));
    }

    /**
     * The instruction array of a function table. It keeps the table's name: engines hold one for each program, and machines replace
     * a row in all of them by that name.
     *
     * @param startOf the slot where a function of the program starts, by its name
     */
    int functionTable(String name, ToIntFunction<String> startOf) {
        Integer known = numbers.get(TABLE + name);
        if (known != null) {
            return known;
        }
        FunctionTable table = object.functionTable(name)
                .orElseThrow(() -> new IllegalArgumentException("the object has no function table " + name));
        List<Integer> rows = new ArrayList<>(table.rows().size());
        for (String row : table.rows()) {
            rows.add(row.isEmpty() ? Content.Functions.MISSING : startOf.applyAsInt(row));
        }
        List<Integer> candidates = table.candidates().stream()
                .map(startOf::applyAsInt)
                .sorted()
                .distinct()
                .toList();
        return add(
                TABLE + name,
                new MapDefinition(
                        name,
                        MapKind.INSN_ARRAY,
                        4,
                        16,
                        rows.size(),
                        0,
                        INDEX,
                        NONE,
                        new Content.Functions(rows, candidates, table.mutable(), table.nullable())));
    }
}
