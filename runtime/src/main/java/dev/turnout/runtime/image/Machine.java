package dev.turnout.runtime.image;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapFactory;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A loaded object: what its programs share. Programs may run on many threads; binding and closing are for one thread, and no
 * program may run while or after the machine is closed.
 */
public final class Machine implements AutoCloseable {
    private static final long KEY_ROOM = 1L << 20;

    private final World world;
    private final CpuSlots slots;
    private final Mapping keyMemory;
    private final Keys keys;
    private final Map<String, BpfMap> maps = new LinkedHashMap<>();
    private final List<BpfMap> tables = new ArrayList<>();

    private Machine(World world, int slots, Mapping keyMemory) {
        this.world = world;
        this.slots = new CpuSlots(slots);
        this.keyMemory = keyMemory;
        this.keys = new Keys(keyMemory);
    }

    /** An empty machine with twice as many CPU slots as there are processors. */
    public static Machine create(World world) {
        return create(world, 2 * Runtime.getRuntime().availableProcessors());
    }

    public static Machine create(World world, int slots) {
        Mapping keys = Mapping.anywhere(KEY_ROOM).orElseThrow(() -> new IllegalStateException("no memory for keys"));
        return new Machine(world, slots, keys);
    }

    public World world() {
        return world;
    }

    public CpuSlots slots() {
        return slots;
    }

    public Keys keys() {
        return keys;
    }

    /** Maps and data sections by name, in the order in which programs brought them; jump tables are not among them. */
    public Map<String, BpfMap> maps() {
        return Collections.unmodifiableMap(maps);
    }

    /**
     * Makes the maps and keys of a program, or finds them where another program of the object brought them.
     *
     * @return empty if something was refused, which was reported
     */
    public Optional<Binding> bind(BpfProgram program, Diagnostics diagnostics) {
        List<BpfMap> bound = new ArrayList<>();
        for (MapDefinition definition : program.maps()) {
            Optional<BpfMap> map = definition.kind() == MapKind.INSN_ARRAY
                    ? ownTable(definition, diagnostics)
                    : shared(definition, diagnostics);
            if (map.isEmpty()) {
                return Optional.empty();
            }
            bound.add(map.get());
        }
        List<Integer> numbers = new ArrayList<>();
        for (KeyDefinition key : program.keys()) {
            numbers.add(keys.declare(key).orElseThrow(() -> new IllegalStateException("more keys than memory")));
        }
        return Optional.of(new Binding(bound, numbers));
    }

    /** Entries of a jump table are slots of one program. */
    private Optional<BpfMap> ownTable(MapDefinition definition, Diagnostics diagnostics) {
        Optional<BpfMap> table = MapFactory.create(definition, 1, diagnostics);
        table.ifPresent(tables::add);
        return table;
    }

    private Optional<BpfMap> shared(MapDefinition definition, Diagnostics diagnostics) {
        BpfMap known = maps.get(definition.name());
        if (known == null) {
            Optional<BpfMap> made = MapFactory.create(definition, slots.count(), diagnostics);
            made.ifPresent(map -> maps.put(definition.name(), map));
            return made;
        }
        if (!known.definition().equals(definition)) {
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.R0111,
                    "two programs define map `" + definition.name() + "` differently, so they cannot share it"));
            return Optional.empty();
        }
        return Optional.of(known);
    }

    /** The map of this name; reports if there is none. */
    public Optional<BpfMap> map(String name, Diagnostics diagnostics) {
        BpfMap map = maps.get(name);
        if (map == null) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.R0109, "the program uses no map `" + name + "`")
                    .withNote(
                            maps.isEmpty()
                                    ? "it uses no map at all"
                                    : "its maps are `" + String.join("`, `", maps.keySet()) + "`"));
        }
        return Optional.ofNullable(map);
    }

    /**
     * Gives a map the entries of a preset; others stay.
     *
     * @return false if something was refused, which was reported
     */
    public boolean preset(String name, Datum preset, Diagnostics diagnostics) {
        Optional<BpfMap> map = map(name, diagnostics);
        return map.isPresent() && MapView.preset(map.get(), preset, diagnostics);
    }

    @Override
    public void close() {
        maps.values().forEach(BpfMap::close);
        tables.forEach(BpfMap::close);
        slots.close();
        keyMemory.close();
    }
}
