package dev.turnout.driver.load;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Programs of an object, proven and loaded on a machine of their own, with its maps and keys by name. Loading and closing are
 * for one thread; no program may run while or after it is closed.
 */
public final class LoadedObject implements AutoCloseable {
    private final Machine machine;
    private final Map<String, RunnableProgram> programs = new LinkedHashMap<>();
    private final Map<String, ExecutableProgram> proven = new LinkedHashMap<>();
    private final Map<String, LoadedKey> keys = new LinkedHashMap<>();
    private final Map<String, LoadedTable> tables = new LinkedHashMap<>();

    private LoadedObject(Machine machine) {
        this.machine = machine;
    }

    /**
     * Links all programs of an object.
     *
     * @return in the order of the object; empty if something was reported
     */
    public static Optional<List<BpfProgram>> link(BpfObject object, Diagnostics diagnostics) {
        List<BpfProgram> linked = new ArrayList<>();
        for (ObjectFunction function : object.programs()) {
            ProgramLoader.load(object, function.name(), diagnostics).ifPresent(linked::add);
        }
        return linked.size() == object.programs().size() ? Optional.of(linked) : Optional.empty();
    }

    /**
     * Loads programs of an object, and those that their tail calls lead to.
     *
     * @param linked some of its programs, or all
     * @param machine becomes part of the result and is closed with it, or at once if something was reported
     * @return empty if something was reported
     */
    public static Optional<LoadedObject> of(
            BpfObject object, List<BpfProgram> linked, Loader loader, Machine machine, Diagnostics diagnostics) {
        LoadedObject loaded = new LoadedObject(machine);
        Optional<List<BpfProgram>> needed = ProgramTables.withTargets(object, linked, diagnostics);
        boolean right = needed.isPresent();
        for (BpfProgram program : needed.orElse(List.of())) {
            Optional<ExecutableProgram> proven = loader.prove(program, diagnostics);
            Optional<RunnableProgram> runnable =
                    proven.flatMap(one -> loader.engine().load(one, machine, diagnostics));
            proven.ifPresent(one -> loaded.proven.put(program.name(), one));
            runnable.ifPresent(one -> loaded.programs.put(program.name(), one));
            right &= runnable.isPresent();
        }
        if (!right || !loaded.fillTables(object, diagnostics)) {
            loaded.close();
            return Optional.empty();
        }
        loaded.findKeys(object);
        loaded.findTables(object);
        return Optional.of(loaded);
    }

    /** Puts programs and maps where the object's tables want them. */
    private boolean fillTables(BpfObject object, Diagnostics diagnostics) {
        for (ObjectMap table : ProgramTables.filled(object)) {
            if (machine.maps().get(table.name()) instanceof ProgramArrayMap array) {
                for (ObjectMap.Row row : table.rows()) {
                    RunnableProgram program = Objects.requireNonNull(programs.get(row.symbol()));
                    if (!array.put(row.index(), program, diagnostics)) {
                        return false;
                    }
                }
            }
        }
        return new NestedMaps(object, machine, diagnostics).fill();
    }

    private void findKeys(BpfObject object) {
        List<KeyDefinition> definitions = machine.keys().definitions();
        for (int number = 0; number < definitions.size(); number++) {
            KeyDefinition definition = definitions.get(number);
            keys.put(definition.name(), new LoadedKey.Branched(machine.keys(), number, definition));
        }
        Optional<DataSection> section = object.dataSection(ObjectKey.BYTES_SECTION);
        BpfMap memory = machine.maps().get(ObjectKey.BYTES_SECTION);
        if (section.isPresent() && memory != null) {
            for (DataSection.Variable variable : section.get().variables()) {
                keys.put(variable.name(), new LoadedKey.Lowered(variable.name(), variable, memory));
            }
        }
    }

    private void findTables(BpfObject object) {
        machine.tables().forEach((name, table) -> tables.put(name, new LoadedTable.Called(table)));
        for (DataSection section : object.data()) {
            BpfMap memory = machine.maps().get(section.name());
            if (memory != null && !section.frozen()) {
                section.variables()
                        .forEach(variable -> LoadedTable.Numbered.of(variable, memory)
                                .ifPresent(table -> tables.put(table.name(), table)));
            }
        }
    }

    public Machine machine() {
        return machine;
    }

    /** Those asked for in the order in which they were, then the others that their tail calls lead to. */
    public Map<String, RunnableProgram> programs() {
        return Collections.unmodifiableMap(programs);
    }

    /** What the engine was given, by the names of {@link #programs}: with the proof, and what it decided. */
    public Map<String, ExecutableProgram> proven() {
        return Collections.unmodifiableMap(proven);
    }

    /** By name. */
    public Map<String, LoadedKey> keys() {
        return Collections.unmodifiableMap(keys);
    }

    /** Function tables that programs read, by name; on a target without indirect calls, those whose rows can be replaced. */
    public Map<String, LoadedTable> tables() {
        return Collections.unmodifiableMap(tables);
    }

    /**
     * Sets a key to what a user wrote.
     *
     * @param text a number, {@code true}, {@code false} or a member
     * @return false if there is no such key or no such value, which was reported
     */
    public boolean setKey(String name, String text, Diagnostics diagnostics) {
        LoadedKey key = keys.get(name);
        if (key == null) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.U0102, "the program has no key `" + name + "`")
                    .withNote(
                            keys.isEmpty()
                                    ? "it has none at all"
                                    : "it has `" + String.join("`, `", keys.keySet()) + "`"));
            return false;
        }
        StringBuilder why = new StringBuilder();
        Optional<Long> value = key.parse(text, why);
        if (value.isEmpty()) {
            diagnostics.report(
                    Diagnostic.general(DiagnosticCode.U0102, "`" + text + "` is no value for key `" + name + "`")
                            .withNote(why.toString()));
            return false;
        }
        key.set(value.get());
        return true;
    }

    /**
     * Gives a map the entries of a preset; others stay.
     *
     * @return false if something was refused, which was reported
     */
    public boolean preset(String name, Datum preset, Diagnostics diagnostics) {
        return machine.maps().get(name) instanceof ProgramArrayMap array
                ? ProgramPreset.put(this, array, preset, diagnostics)
                : machine.preset(name, preset, diagnostics);
    }

    /** What the maps hold now, by name; data sections are not among them. */
    public Map<String, Datum> mapContents() {
        Map<String, Datum> contents = new LinkedHashMap<>();
        machine.maps().forEach((name, map) -> {
            if (!name.startsWith(".")) {
                contents.put(name, MapView.show(map));
            }
        });
        return contents;
    }

    @Override
    public void close() {
        programs.values().forEach(RunnableProgram::close);
        machine.close();
    }
}
