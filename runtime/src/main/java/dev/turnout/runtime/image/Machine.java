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
import dev.turnout.runtime.map.FunctionArrayMap;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.InstructionArrayMap;
import dev.turnout.runtime.map.MapFactory;
import dev.turnout.runtime.map.MapOfMaps;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.UserMemory;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
    private final UserMemory userMemory = UserMemory.create();
    private final Map<String, BpfMap> maps = new LinkedHashMap<>();
    private final LiveTables tables = new LiveTables();
    private final NumberedMaps numbered = new NumberedMaps();
    private final InnerMaps inner;
    private final Map<Class<?>, AutoCloseable> companions = new LinkedHashMap<>();

    private Machine(World world, int slots, Mapping keyMemory) {
        this.world = world;
        this.slots = new CpuSlots(slots);
        this.keyMemory = keyMemory;
        this.keys = new Keys(keyMemory);
        this.inner = new InnerMaps(this.slots, numbered);
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

    /** What programs find where they take an address for a user's: for hosts and tests to fill. */
    public UserMemory userMemory() {
        return userMemory;
    }

    /** Maps and data sections by name, in the order in which programs brought them; tables of code are not among them. */
    public Map<String, BpfMap> maps() {
        return Collections.unmodifiableMap(maps);
    }

    /** Function tables by name, in the order in which programs brought them. */
    public Map<String, LiveTable> tables() {
        return tables.byName();
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
                    ? ownTable(program, definition, diagnostics)
                    : shared(definition, diagnostics);
            if (map.isEmpty() || !admits(map.get(), program, diagnostics)) {
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

    /** Whether a map lets a program be: one of programs takes those of one type. */
    private static boolean admits(BpfMap map, BpfProgram program, Diagnostics diagnostics) {
        if (!(map instanceof ProgramArrayMap array) || array.admit(program.type())) {
            return true;
        }
        diagnostics.report(Diagnostic.general(
                        DiagnosticCode.R0117,
                        "program `" + program.name() + "` cannot go through map `"
                                + map.definition().name() + "`")
                .withNote("it is for " + array.expected()));
        return false;
    }

    /** Entries of a table are slots of one program. */
    private Optional<BpfMap> ownTable(BpfProgram program, MapDefinition definition, Diagnostics diagnostics) {
        Optional<BpfMap> table = MapFactory.create(definition, 1, diagnostics);
        table.ifPresent(numbered::add);
        boolean fits = !(table.orElse(null) instanceof FunctionArrayMap map)
                || !(definition.content() instanceof MapDefinition.Content.Functions functions)
                || tables.bind(program, map, functions);
        if (!fits) {
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.R0111,
                    "two programs define function table `" + definition.name()
                            + "` differently, so they cannot share it"));
            return Optional.empty();
        }
        return table;
    }

    /** Frees what a program alone was bound to, its tables. No thread may run the program any more. */
    public synchronized void unbind(Binding binding) {
        for (BpfMap map : binding.maps()) {
            if (map instanceof FunctionArrayMap table) {
                tables.unbind(table);
            }
            if (map instanceof InstructionArrayMap || map instanceof FunctionArrayMap) {
                numbered.remove(map);
                map.close();
            }
        }
    }

    /** The map whose header is at an address that a verified program took for one. May be called by many threads. */
    public BpfMap mapAt(long header) {
        BpfMap map = numbered.at(header);
        if (map == null) {
            throw new IllegalStateException("0x" + Long.toHexString(header) + " is no map");
        }
        return map;
    }

    /** The map that has this number in its header. May be called by many threads. */
    public Optional<BpfMap> numbered(int number) {
        return numbered.numbered(number);
    }

    /** Every map and table. May be called by many threads. */
    public List<BpfMap> allMaps() {
        return numbered.all();
    }

    /**
     * What an engine keeps of this machine: one object of each kind, made when it is first asked for, closed with the machine and
     * before its maps.
     */
    public synchronized <T extends AutoCloseable> T companion(Class<T> kind, Supplier<T> make) {
        return kind.cast(companions.computeIfAbsent(kind, _ -> make.get()));
    }

    private Optional<BpfMap> shared(MapDefinition definition, Diagnostics diagnostics) {
        BpfMap known = maps.get(definition.name());
        if (known == null) {
            Optional<BpfMap> made = MapFactory.create(definition, slots.count(), diagnostics);
            made.ifPresent(map -> {
                numbered.add(map);
                maps.put(definition.name(), map);
            });
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
        return map.isPresent() && preset(map.get(), preset, diagnostics);
    }

    /** The same for a map of this machine, named or not. */
    public boolean preset(BpfMap map, Datum preset, Diagnostics diagnostics) {
        return map instanceof MapOfMaps outer
                ? new NestedPreset(this, outer, diagnostics).put(preset)
                : MapView.preset(map, preset, diagnostics);
    }

    /**
     * A map for maps of maps, which has no name here.
     *
     * @return held by the caller, who releases it; empty if it cannot be made, which was reported
     */
    public Optional<InnerMap> makeInner(MapDefinition definition, Diagnostics diagnostics) {
        return inner.make(definition, diagnostics);
    }

    /**
     * A map of this machine, for maps of maps.
     *
     * @return held by the caller, who releases it; empty if there is none of this name
     */
    public Optional<InnerMap> inner(String name) {
        return Optional.ofNullable(maps.get(name)).map(map -> inner.named(name, map));
    }

    /**
     * Makes a map that no program names, or finds it: one that others hold.
     *
     * @return empty if it was refused, which was reported
     */
    public Optional<BpfMap> declare(MapDefinition definition, Diagnostics diagnostics) {
        return shared(definition, diagnostics);
    }

    private static void close(AutoCloseable companion) {
        try {
            companion.close();
        } catch (Exception bug) {
            throw new IllegalStateException("an engine could not free what it kept", bug);
        }
    }

    @Override
    public void close() {
        inner.close();
        allMaps().forEach(BpfMap::close);
        companions.values().forEach(Machine::close);
        slots.close();
        keyMemory.close();
        userMemory.close();
    }
}
