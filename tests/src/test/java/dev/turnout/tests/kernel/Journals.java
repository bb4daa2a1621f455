package dev.turnout.tests.kernel;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.test.TestBed;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The journals that an engine keeps of a program: of its {@code test} blocks, one for each time that the object is loaded, and one of all
 * programs that eat packets, run over a capture one after the other.
 *
 * @param cases by name
 * @param results how the test blocks ended
 */
record Journals(Map<String, Journal> cases, List<TestRunner.Result> results) {
    /** Beside the first world, others with another time, chance and process. */
    private static final List<Long> OTHER_WORLDS = List.of(0x2b7eL, 0x15c9L);

    private static final long OTHER_TIME = 0x1d2c_3b4a_5968_7786L;
    private static final long OTHER_TICK = 1_234_567_891L;

    @FunctionalInterface
    private interface Maker {
        TestBed make(BpfObject object, PacketFeed feed);
    }

    /** A machine of ours whose clock stands at 0. */
    static Journals onMachine(Compilation compilation, Loader loader, List<ByteString> frames) {
        return keep(
                compilation,
                loader.engine().name(),
                (object, feed) -> TestBed.onMachine(object, loader, new ScriptedWorld(), feed),
                frames);
    }

    /** What holds on a machine of ours in any world. */
    static Journals inAnyWorld(Compilation compilation, Loader loader, List<ByteString> frames) {
        Journals here = onMachine(compilation, loader, frames);
        List<Journals> worlds = new ArrayList<>(List.of(here));
        for (long seed : OTHER_WORLDS) {
            worlds.add(keep(
                    compilation,
                    loader.engine().name(),
                    (object, feed) -> {
                        ScriptedWorld world = new ScriptedWorld(seed, OTHER_TICK * seed);
                        world.clock(OTHER_TIME * seed);
                        return TestBed.onMachine(object, loader, world, feed);
                    },
                    frames));
        }
        Map<String, Journal> common = new LinkedHashMap<>();
        here.cases.forEach((name, _) -> common.put(
                name,
                Journal.common(worlds.stream()
                        .flatMap(world -> Optional.ofNullable(world.cases.get(name)).stream())
                        .toList())));
        return new Journals(common, here.results);
    }

    /** @throws dev.turnout.driver.test.BedFailure if the kernel does not take the object, and it eats packets */
    static Journals inKernel(Compilation compilation, List<ByteString> frames) {
        return keep(compilation, "the kernel", (object, _) -> TestBed.inKernel(object), frames);
    }

    private static Journals keep(Compilation compilation, String engine, Maker maker, List<ByteString> frames) {
        Map<String, Journal> cases = new LinkedHashMap<>();
        List<TestRunner.Result> results = TestRunner.run(compilation, engine, (test, object) -> {
                    Journal journal = begin(unused(cases, test), object);
                    TestBed bed = new RecordingBed(maker.make(object, new PacketFeed(false)), journal);
                    cases.put(journal.name(), journal);
                    return bed;
                })
                .orElseThrow();
        BpfObject object = compilation.generated().orElseThrow().object();
        List<String> programs = eaters(object);
        if (!programs.isEmpty()) {
            Journal journal = begin("a capture", object);
            try (RecordingBed bed = new RecordingBed(maker.make(object, new PacketFeed(true)), journal)) {
                programs.forEach(program -> frames.forEach(frame -> bed.tryRun(program, frame)));
            }
            cases.put(journal.name(), journal);
        }
        return new Journals(cases, results);
    }

    private static Journal begin(String name, BpfObject object) {
        Journal journal = new Journal(name, object);
        if (object.maps().stream().anyMatch(map -> map.kind() == MapKind.BLOOM_FILTER)) {
            journal.stop("a Bloom filter of the kernel errs by chance");
        }
        return journal;
    }

    /** A test loads anew when it says {@code reload()}. */
    private static String unused(Map<String, Journal> cases, String test) {
        String name = test;
        for (int times = 2; cases.containsKey(name); times++) {
            name = test + ", loaded " + times + " times";
        }
        return name;
    }

    /** The programs of types whose test run takes packets, without those that read what the kernel's own structs hold. */
    private static List<String> eaters(BpfObject object) {
        List<String> names = new ArrayList<>();
        for (ObjectFunction function : object.programs()) {
            Optional<ProgramType> type = ProgramLoader.load(object, function.name(), new Diagnostics())
                    .filter(program -> !program.needsKernelTypes())
                    .flatMap(BpfProgram::type);
            boolean eats = type.map(one -> switch (one.feed()) {
                        case ETHERNET -> true;
                        case NETWORK_HEADER -> one != ProgramType.LWT_SEG6LOCAL;
                        case NONE, BYTES -> false;
                    })
                    .orElse(false);
            if (eats) {
                names.add(function.name());
            }
        }
        return names;
    }
}
