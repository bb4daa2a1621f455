package dev.turnout.driver.test;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.LoadedKey;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.CodeCounts;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.EventSource;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object on a machine of ours, with a world that the test controls. Everything runs as CPU 0. */
final class MachineBed implements TestBed {
    /** Instructions that a run may take: far more than a test needs, so that a mistake ends. */
    private static final long FUEL = 200_000_000;

    private static final int CPU = 0;

    private final String engine;
    private final ScriptedWorld world;
    private final LoadedObject object;
    private final PacketFeed feed;
    /** Lines that {@link #output} has given so far. */
    private int outputTaken;

    private MachineBed(String engine, ScriptedWorld world, LoadedObject object, PacketFeed feed) {
        this.engine = engine;
        this.world = world;
        this.object = object;
        this.feed = feed;
    }

    /**
     * Verifies and loads all programs; a failure names what was not accepted.
     *
     * @param feed how packets become inputs
     */
    static MachineBed load(BpfObject object, Loader loader, ScriptedWorld world, PacketFeed feed) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<LoadedObject> loaded = LoadedObject.link(object, diagnostics)
                .flatMap(linked -> LoadedObject.of(object, linked, loader, Machine.create(world, 1), diagnostics));
        return new MachineBed(
                loader.engine().name(), world, loaded.orElseThrow(() -> new BedFailure(diagnostics.all())), feed);
    }

    @Override
    public String engine() {
        return engine;
    }

    @Override
    public Outcome run(String name, Input input) {
        RunnableProgram program = object.programs().get(name);
        if (program == null) {
            throw new IllegalStateException("no program " + name);
        }
        Diagnostics diagnostics = new Diagnostics();
        try (CpuSlots.Lease slot = object.machine().slots().lease(CPU)) {
            Optional<Batch.Result> result = new Batch(feed, 1, FUEL).run(program, List.of(input), slot, diagnostics);
            if (result.isEmpty()) {
                throw new BedFailure(diagnostics.all());
            }
            if (result.get().refused() > 0) {
                throw new BedFailure(
                        List.of(Diagnostic.general(DiagnosticCode.U0108, "the program cannot be fed this input")));
            }
            return new Outcome((int) result.get().last(), result.get().output());
        } catch (RunFault fault) {
            throw new BedFailure(List.of(fault.diagnostic()));
        }
    }

    @Override
    public long userMemory(ByteString bytes) {
        try {
            return object.machine().userMemory().place(bytes.toArray());
        } catch (IllegalStateException full) {
            throw new BedFailure(
                    List.of(Diagnostic.general(DiagnosticCode.T0103, "the test places " + full.getMessage())));
        }
    }

    private Optional<BpfMap> map(String name) {
        return Optional.ofNullable(object.machine().maps().get(name));
    }

    /** A map that no program uses is not in the object's memory: a test that names it is told so. */
    private BpfMap used(String name) {
        return map(name)
                .orElseThrow(() -> new BedFailure(List.of(Diagnostic.general(
                        DiagnosticCode.T0102, "no program uses map `" + name + "`, so it is not loaded"))));
    }

    @Override
    public Optional<ByteString> lookup(String map, ByteString key) {
        List<ByteString> values = used(map).read(key);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    @Override
    public int update(String map, ByteString key, ByteString value, long flags) {
        BpfMap target = used(map);
        return target.definition().kind().perCpu()
                ? target.writeSlot(key, CPU, value, flags)
                : target.write(key, value, flags);
    }

    @Override
    public int delete(String map, ByteString key) {
        return used(map).remove(key);
    }

    @Override
    public int push(String map, ByteString value, long flags) {
        return used(map).push(value, flags);
    }

    @Override
    public Optional<ByteString> pop(String map) {
        return used(map).take(ByteString.EMPTY, BpfMap.ANY).values().stream().findFirst();
    }

    @Override
    public Optional<ByteString> peek(String map) {
        return used(map).read(ByteString.EMPTY).stream().findFirst();
    }

    @Override
    public boolean holds(String map, ByteString value) {
        return used(map).test(value) == 0;
    }

    @Override
    public int entries(String map) {
        return used(map).entries().size();
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> contents() {
        Map<String, Map<ByteString, ByteString>> all = new LinkedHashMap<>();
        object.machine().maps().forEach((name, map) -> {
            if (TestBed.isShown(map.definition())) {
                boolean indexed = map.definition().kind().keys() == MapKind.Keys.INDEX;
                Map<ByteString, ByteString> held = new LinkedHashMap<>();
                map.each(entry -> {
                    ByteString value = entry.values().get(CPU);
                    if (!indexed || !value.isZero()) {
                        held.put(entry.key(), value);
                    }
                });
                all.put(name, held);
            }
        });
        return all;
    }

    private EventSource ring(String name) {
        if (used(name) instanceof EventSource source) {
            return source;
        }
        throw new IllegalStateException("map " + name + " has no records");
    }

    @Override
    public int events(String map) {
        int[] count = {0};
        ring(map).show((_, _) -> count[0]++);
        return count[0];
    }

    @Override
    public Optional<ByteString> nextEvent(String map) {
        List<ByteString> taken = new ArrayList<>();
        ring(map).consume((at, bytes) -> taken.add(ByteString.copyOf(Memory.copyOut(at, bytes))), 1);
        return taken.stream().findFirst();
    }

    @Override
    public Optional<ByteString> data(String section) {
        return map(section)
                .map(data -> ByteString.copyOf(
                        Memory.copyOut(data.direct(), data.definition().valueSize())));
    }

    @Override
    public void writeData(String section, ByteString bytes) {
        map(section).ifPresent(data -> Memory.copyIn(bytes.toArray(), data.direct()));
    }

    @Override
    public void clock(long nanos) {
        world.clock(nanos);
    }

    @Override
    public void key(String name, long value) {
        LoadedKey key = object.keys().get(name);
        // A key that no program branches on is nowhere, and setting it changes nothing.
        if (key != null) {
            key.set(value);
        }
    }

    @Override
    public Optional<CodeCounts> counts(WrittenFunction function) {
        for (RunnableProgram program : object.programs().values()) {
            BitSet code = function.slots(program.program());
            if (!code.isEmpty()) {
                return Optional.of(CodeCounts.of(program.program(), program.nops(), code));
            }
        }
        return Optional.empty();
    }

    @Override
    public int sites(String key) {
        int sites = 0;
        for (RunnableProgram program : object.programs().values()) {
            BpfProgram code = program.program();
            // A site on an enumeration has a record for each of its arms.
            sites += (int) code.branchSites().stream()
                    .filter(site -> code.keys().get(site.key()).name().equals(key))
                    .mapToInt(BranchSite::slot)
                    .distinct()
                    .count();
        }
        return sites;
    }

    @Override
    public List<String> output() {
        List<String> all = world.output();
        List<String> fresh = all.subList(outputTaken, all.size());
        outputTaken = all.size();
        return fresh;
    }

    @Override
    public void close() {
        object.close();
    }
}
