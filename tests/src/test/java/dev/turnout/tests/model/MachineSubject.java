package dev.turnout.tests.model;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** On a machine of ours. */
final class MachineSubject implements Subject {
    private final LoadedObject object;
    private final RunnableProgram program;

    MachineSubject(BpfObject object, String program, Engine engine) {
        Diagnostics diagnostics = new Diagnostics();
        this.object = LoadedObject.link(object, diagnostics)
                .flatMap(linked -> LoadedObject.of(
                        object, linked, Loader.linux(engine), Machine.create(new ScriptedWorld()), diagnostics))
                .orElseThrow(() -> new IllegalStateException(diagnostics.all().toString()));
        this.program = Objects.requireNonNull(this.object.programs().get(program));
    }

    private BpfMap map(String name) {
        return Objects.requireNonNull(object.machine().maps().get(name));
    }

    @Override
    public void put(String map, ByteString key, ByteString value) {
        int error = map(map).write(key, value, BpfMap.ANY);
        if (error != 0) {
            throw new IllegalStateException(map + ": " + error);
        }
    }

    @Override
    public Optional<Model.Answer> run(Input input) {
        Batch.Result result = new Batch(new PacketFeed(true), 1, RunnableProgram.ENDLESS)
                .run(program, List.of(input), new Diagnostics())
                .orElseThrow();
        return result.runs() == 0
                ? Optional.empty()
                : Optional.of(new Model.Answer(
                        (int) result.last(), input instanceof Input.Packet ? result.output() : ByteString.EMPTY));
    }

    @Override
    public Map<ByteString, List<ByteString>> entries(String map) {
        Map<ByteString, List<ByteString>> entries = new HashMap<>();
        map(map).each(entry -> entries.put(entry.key(), entry.values()));
        return entries;
    }

    @Override
    public void close() {
        object.close();
    }
}
