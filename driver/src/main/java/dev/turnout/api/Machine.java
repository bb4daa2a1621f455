package dev.turnout.api;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.run.ConfigValues;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.map.BloomFilterMap;
import dev.turnout.runtime.map.MapOfMaps;
import dev.turnout.runtime.map.PerfEventArrayMap;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.runtime.map.QueueMap;
import dev.turnout.runtime.map.RingBufferMap;
import dev.turnout.runtime.map.UserRingMap;
import dev.turnout.runtime.route.RouteReader;
import dev.turnout.runtime.route.RouteTable;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.PatchMode;
import java.lang.foreign.Arena;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/**
 * A loaded object: programs that were proven safe and translated, the maps, keys and tables that they share, and the memory of all this,
 * outside the Java heap, until it is closed. May be used by many threads at once.
 */
public final class Machine implements AutoCloseable {
    private final LoadedObject loaded;
    private final String engine;
    private final Lifetime lifetime;
    private final Arena views = Arena.ofShared();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Map<String, ProgramMap> maps = new LinkedHashMap<>();
    private final Map<String, ProgramKey> keys = new LinkedHashMap<>();
    private final Map<String, ProgramTable> tables = new LinkedHashMap<>();
    private final Map<String, ProgramArray> arrays = new LinkedHashMap<>();

    /** Bytes of the ring that each slot of a {@code perf_event_array} gets. */
    static final int PERF_RING = 65536;

    private final AtomicReference<RouteTable> routes;

    private Machine(LoadedObject loaded, String engine, AtomicReference<RouteTable> routes) {
        this.loaded = loaded;
        this.routes = routes;
        this.engine = engine;
        this.lifetime = new Lifetime(loaded.machine().slots().count());
        loaded.programs()
                .forEach((name, program) -> programs.put(
                        name,
                        new Program(
                                program, Objects.requireNonNull(loaded.proven().get(name)), lifetime)));
        loaded.machine().maps().forEach((name, map) -> maps.put(name, new ProgramMap(map, lifetime, views)));
        loaded.keys().forEach((name, key) -> keys.put(name, new ProgramKey(key, lifetime)));
        loaded.machine().maps().forEach((name, map) -> {
            if (map instanceof ProgramArrayMap array) {
                arrays.put(name, new ProgramArray(array, programs, lifetime));
            }
        });
        loaded.tables().forEach((name, table) -> tables.put(name, new ProgramTable(table, lifetime)));
    }

    /** @param linker says which programs of the object are meant; empty if something was reported */
    static Machine load(
            BpfObject given,
            LoadSettings settings,
            Options rules,
            BiFunction<BpfObject, Diagnostics, Optional<List<BpfProgram>>> linker) {
        Diagnostics diagnostics = new Diagnostics();
        Engine engine = engine(settings, diagnostics).orElseThrow(() -> LoadException.of(diagnostics));
        BpfObject object = ConfigValues.apply(given, settings.config(), diagnostics)
                .orElseThrow(() -> LoadException.of(diagnostics));
        List<BpfProgram> linked = linker.apply(object, diagnostics).orElseThrow(() -> LoadException.of(diagnostics));
        AtomicReference<RouteTable> routes = new AtomicReference<>(RouteTable.EMPTY);
        World world = World.host(settings.output(), routes::get);
        var machine = settings.slots() == 0
                ? dev.turnout.runtime.image.Machine.create(world)
                : dev.turnout.runtime.image.Machine.create(world, settings.slots());
        SpecializeOptions rewrites = settings.blinded()
                ? SpecializeOptions.DEFAULT.blinded(new SecureRandom().nextLong())
                : SpecializeOptions.DEFAULT;
        LoadedObject loaded = LoadedObject.of(object, linked, new Loader(engine, rules, rewrites), machine, diagnostics)
                .orElseThrow(() -> LoadException.of(diagnostics));
        settings.keys().forEach((name, value) -> loaded.setKey(name, value, diagnostics));
        if (diagnostics.hasErrors()) {
            loaded.close();
            throw LoadException.of(diagnostics);
        }
        return new Machine(loaded, engine.name(), routes);
    }

    private static Optional<Engine> engine(LoadSettings settings, Diagnostics diagnostics) {
        Optional<EngineRow> row = settings.engine().isEmpty()
                ? Optional.of(EngineRow.fastest())
                : EngineRow.named(settings.engine().get(), diagnostics);
        Optional<PatchMode> patching = PatchMode.ofWord(settings.patching());
        if (patching.isEmpty()) {
            diagnostics.report(
                    Diagnostic.general(DiagnosticCode.U0102, "code cannot be patched by `" + settings.patching() + "`")
                            .withHelp("there are " + PatchMode.words()));
            return Optional.empty();
        }
        return row.flatMap(one -> switch (one.availability(patching.get())) {
            case EngineRow.Availability.Here(Engine here) -> Optional.of(here);
            case EngineRow.Availability.InKernel _ -> {
                diagnostics.report(Diagnostic.general(
                        DiagnosticCode.U0102, "a machine runs programs in this process, not in the kernel"));
                yield Optional.empty();
            }
            case EngineRow.Availability.Absent(Diagnostic why) -> {
                diagnostics.report(why);
                yield Optional.empty();
            }
        });
    }

    /** The word of the engine that runs the programs. */
    public String engine() {
        return engine;
    }

    /** In the order of the object. */
    public Map<String, Program> programs() {
        return Collections.unmodifiableMap(programs);
    }

    /** Maps and data sections, by name; those of variables are called {@code .data}, {@code .bss}, {@code .rodata}. */
    public Map<String, ProgramMap> maps() {
        return Collections.unmodifiableMap(maps);
    }

    /** By name. */
    public Map<String, ProgramKey> keys() {
        return Collections.unmodifiableMap(keys);
    }

    /** Function tables that programs read, by name. */
    public Map<String, ProgramTable> tables() {
        return Collections.unmodifiableMap(tables);
    }

    /** The {@code prog_array} maps that programs go through, by name; they are among the {@link #maps} too. */
    public Map<String, ProgramArray> programArrays() {
        return Collections.unmodifiableMap(arrays);
    }

    /** @throws NoSuchElementException if the object has no program of this name: says which it has */
    public Program program(String name) {
        return named("program", programs, name);
    }

    /** @throws NoSuchElementException if no program uses a map of this name: says which they use */
    public ProgramMap map(String name) {
        return named("map", maps, name);
    }

    /** @throws NoSuchElementException if the object has no key of this name: says which it has */
    public ProgramKey key(String name) {
        return named("key", keys, name);
    }

    /** @throws NoSuchElementException if no program goes through a {@code prog_array} of this name: says which there are */
    public ProgramArray programArray(String name) {
        return named("program array", arrays, name);
    }

    /** @throws NoSuchElementException if no program reads a function table of this name: says which they read */
    public ProgramTable table(String name) {
        return named("table", tables, name);
    }

    /**
     * The records that programs write into a map: a {@code ringbuf}, or a {@code perf_event_array}, whose rings are opened when this is
     * first asked for, with {@value #PERF_RING} bytes a slot; until then its outputs fail with {@code -ENOENT}.
     *
     * @throws NoSuchElementException if no program uses a map of this name: says which they use
     * @throws UnsupportedOperationException if it is a map of another kind
     */
    public ProgramEvents events(String name) {
        named("map", maps, name);
        return switch (loaded.machine().maps().get(name)) {
            case RingBufferMap ring -> new ProgramEvents(name, ring, lifetime);
            case PerfEventArrayMap perf -> {
                lifetime.during(() -> perf.open(PERF_RING));
                yield new ProgramEvents(name, perf, lifetime);
            }
            case null, default -> // Other kinds keep entries, not records.
                throw new UnsupportedOperationException("nobody writes records into " + maps.get(name));
        };
    }

    /**
     * The {@code user_ringbuf} of this name, whose records programs drain.
     *
     * @throws NoSuchElementException if no program uses a map of this name: says which they use
     * @throws UnsupportedOperationException if it is a map of another kind
     */
    public UserRing userRing(String name) {
        named("map", maps, name);
        if (loaded.machine().maps().get(name) instanceof UserRingMap ring) {
            return new UserRing(ring, lifetime);
        }
        throw new UnsupportedOperationException("no program drains " + maps.get(name));
    }

    /**
     * A {@code queue} or {@code stack}.
     *
     * @param type of its values in Java, as for {@link ProgramMap#typed}
     * @throws NoSuchElementException if no program uses a map of this name: says which they use
     * @throws UnsupportedOperationException if it is a map of another kind
     * @throws IllegalArgumentException if the class does not go with the type that the object states
     */
    public <V> ProgramQueue<V> queue(String name, Class<V> type) {
        ProgramMap map = named("map", maps, name);
        if (loaded.machine().maps().get(name) instanceof QueueMap queue) {
            return new ProgramQueue<>(queue, type, lifetime);
        }
        throw new UnsupportedOperationException(map + " is no queue");
    }

    /** A {@code bloom_filter}; throws as {@link #queue}. */
    public <V> ProgramFilter<V> filter(String name, Class<V> type) {
        ProgramMap map = named("map", maps, name);
        if (loaded.machine().maps().get(name) instanceof BloomFilterMap filter) {
            return new ProgramFilter<>(filter, type, lifetime);
        }
        throw new UnsupportedOperationException(map + " is no filter");
    }

    /**
     * An {@code array_of_maps} or {@code hash_of_maps}; throws as {@link #queue}.
     *
     * @param key its class in Java; {@code int.class} for an array
     */
    public <K> ProgramMaps<K> mapOfMaps(String name, Class<K> key) {
        ProgramMap map = named("map", maps, name);
        if (loaded.machine().maps().get(name) instanceof MapOfMaps outer) {
            return new ProgramMaps<>(loaded.machine(), outer, key, maps, lifetime);
        }
        throw new UnsupportedOperationException(map + " holds no maps");
    }

    /**
     * Sets what {@code bpf_fib_lookup} finds: {@code {"interfaces": [{"index": 2, "mac": "020000000002"}], "routes": [{"to":
     * "10.0.0.0/8", "via": "10.0.0.254", "interface": 2}], "neighbours": [{"interface": 2, "address": "10.0.0.254", "mac":
     * "0200000000fe"}]}}. Exchanges all at once, also while programs run; before the first call nothing is found.
     *
     * @throws MapException if the text is no such JSON: says where
     */
    public void routes(String json) {
        StringBuilder why = new StringBuilder();
        RouteTable table = DatumJson.parse(json, why)
                .flatMap(datum -> RouteReader.read(datum, why))
                .orElseThrow(() -> new MapException("these are no routes: " + why));
        lifetime.during(() -> routes.set(table));
    }

    private static <T> T named(String what, Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new NoSuchElementException("there is no " + what + " `" + name + "`; there are " + all.keySet());
        }
        return found;
    }

    /**
     * Frees everything. Waits for runs and map operations in progress; closing twice does nothing.
     *
     * @throws IllegalStateException if a {@link Runner} is open, while native code that a caller handed a {@link
     *     ProgramMap#live live} value to is at it, or from within a run (from where a program prints to); the machine stays open then
     */
    @Override
    public void close() {
        lifetime.close(() -> {
            views.close();
            loaded.close();
        });
    }
}
