package dev.turnout.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.LoadedKey;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.x86.code.PatchMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Golden programs with keys behave alike however their branches obey them, whatever the keys are set to between the runs. */
class KeysInEveryModeTest {
    private static final int RUNS = 60;

    /** The interpreter first. */
    private static Map<String, Engine> engines() {
        Map<String, Engine> engines = new LinkedHashMap<>();
        if (EngineRow.INTERP.availability() instanceof EngineRow.Availability.Here(Engine interp)) {
            engines.put("interp", interp);
        }
        for (PatchMode mode : PatchMode.values()) {
            if (EngineRow.DIRECT.availability(mode) instanceof EngineRow.Availability.Here(Engine direct)) {
                engines.put(mode.word(), direct);
            }
        }
        return engines;
    }

    private static List<Long> values(DebugType type) {
        return type instanceof DebugType.Enumeration members
                ? members.members().stream()
                        .map(member -> member.value() & (-1L >>> (64 - 8 * members.bytes())))
                        .toList()
                : List.of(0L, 1L);
    }

    /** What a run leaves behind: the verdict, the packet, maps and variables. */
    private static String trace(LoadedObject object, RunnableProgram program, ByteString packet) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<Batch.Result> result = new Batch(new PacketFeed(true), 2, 1_000_000)
                .run(program, List.of(new Input.Packet(packet)), diagnostics);
        StringBuilder seen = new StringBuilder(diagnostics.all().toString());
        result.ifPresent(one -> seen.append(one.verdicts()).append(one.output()));
        seen.append(object.mapContents());
        for (BpfMap map : object.machine().maps().values()) {
            if (map.definition().name().startsWith(".")) {
                seen.append(ByteString.copyOf(
                        Memory.copyOut(map.direct(), map.definition().valueSize())));
            }
        }
        return seen.toString();
    }

    private static List<String> traces(BpfObject object, Engine engine, long seed) {
        Diagnostics diagnostics = new Diagnostics();
        SplittableRandom random = new SplittableRandom(seed);
        List<BpfProgram> linked = LoadedObject.link(object, diagnostics).orElseThrow();
        List<String> traces = new ArrayList<>();
        try (LoadedObject loaded = LoadedObject.of(
                        object, linked, Loader.linux(engine), Machine.create(new ScriptedWorld(seed), 1), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()))) {
            List<LoadedKey> keys = List.copyOf(loaded.keys().values());
            List<RunnableProgram> programs = List.copyOf(loaded.programs().values());
            for (int run = 0; run < RUNS; run++) {
                LoadedKey key = keys.get(random.nextInt(keys.size()));
                List<Long> all = values(key.type());
                key.set(all.get(random.nextInt(all.size())));
                byte[] packet = new byte[14 + random.nextInt(80)];
                random.nextBytes(packet);
                for (RunnableProgram program : programs) {
                    traces.add(trace(loaded, program, ByteString.copyOf(packet)));
                }
            }
        }
        return traces;
    }

    @Test
    void whatRunsLeaveBehindIsTheSame() throws IOException {
        int compared = 0;
        for (Path path : GoldenTest.files()) {
            GoldenFile file = GoldenFile.parse(Files.readString(path));
            Stages stages = new Subject(path, file).stages(TargetProfile.VM);
            if (!path.toString().contains("/runs/")
                    || stages.object().keys().isEmpty()
                    || stages.object().programs().isEmpty()) {
                continue;
            }
            Map<String, List<String>> seen = new LinkedHashMap<>();
            engines().forEach((name, engine) -> seen.put(name, traces(stages.object(), engine, 5)));
            List<String> reference = seen.values().iterator().next();
            seen.forEach(
                    (name, traces) -> assertThat(traces).as(path + ", " + name).isEqualTo(reference));
            compared++;
        }
        assertThat(compared).as("programs with keys").isGreaterThan(3);
    }

    @Test
    void theirTestsPassInEveryMode() throws IOException {
        List<String> failures = new ArrayList<>();
        int passed = 0;
        for (Path path : GoldenTest.files()) {
            GoldenFile file = GoldenFile.parse(Files.readString(path));
            if (file.sections().stream().noneMatch(section -> section.name().equals("tests"))) {
                continue;
            }
            Stages stages = new Subject(path, file).stages(TargetProfile.VM);
            if (stages.object().keys().isEmpty()) {
                continue;
            }
            for (Map.Entry<String, Engine> engine : engines().entrySet()) {
                for (TestRunner.Result result : TestRunner.run(stages.compilation(), Loader.linux(engine.getValue()))
                        .orElse(List.of())) {
                    switch (result.ending()) {
                        case TestRunner.Ending.Failed failed ->
                            failures.add(path + ", " + engine.getKey() + ": " + failed);
                        case TestRunner.Ending.Passed _ -> passed++;
                        case TestRunner.Ending.Skipped _ -> {}
                    }
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(passed).as("tests that passed").isGreaterThan(12);
    }
}
