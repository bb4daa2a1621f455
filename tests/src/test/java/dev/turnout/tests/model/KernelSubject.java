package dev.turnout.tests.model;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.ProgramTables;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.runtime.engine.Input;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** In the running kernel. */
final class KernelSubject implements Subject {
    private final KernelObject object = new KernelObject();
    private final KernelProgram program;

    KernelSubject(BpfObject written, String program) {
        Diagnostics diagnostics = new Diagnostics();
        Map<String, KernelProgram> programs = new HashMap<>();
        for (ObjectFunction function : written.programs()) {
            ProgramLoader.load(written, function.name(), diagnostics)
                    .flatMap(one -> object.load(one, diagnostics))
                    .ifPresent(one -> programs.put(function.name(), one));
        }
        if (diagnostics.hasErrors() || !object.fill(ProgramTables.filled(written), diagnostics)) {
            object.close();
            throw new IllegalStateException(diagnostics.all().toString());
        }
        this.program = Objects.requireNonNull(programs.get(program));
    }

    private KernelMap map(String name) {
        return Objects.requireNonNull(object.maps().get(name));
    }

    @Override
    public void put(String map, ByteString key, ByteString value) {
        KernelMap target = map(map);
        int error = target.update(key, Collections.nCopies(target.slots(), value), 0);
        if (error != 0) {
            throw new IllegalStateException(map + ": " + error);
        }
    }

    @Override
    public Optional<Model.Answer> run(Input input) {
        return switch (input) {
            case Input.Packet(ByteString frame, ByteString context) ->
                program.takes(frame) ? answer(program.run(frame, context, 1), true) : Optional.empty();
            case Input.Memory(ByteString bytes, ByteString behind) -> {
                // The test run is in this process, so that its memory can be read.
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment registers = arena.allocate(behind.size(), 8);
                    MemorySegment.copy(MemorySegment.ofArray(behind.toArray()), 0, registers, 0, behind.size());
                    byte[] context = bytes.toArray();
                    MemorySegment.ofArray(context).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, registers.address());
                    yield answer(program.runContext(ByteString.copyOf(context), 1), false);
                }
            }
        };
    }

    private static Optional<Model.Answer> answer(TestRun run, boolean packet) {
        return switch (run) {
            case TestRun.Ran ran -> {
                ByteString frame = packet ? ran.output() : ByteString.EMPTY;
                yield Optional.of(new Model.Answer(ran.result(), frame));
            }
            case TestRun.Refused refused -> throw new IllegalStateException("no test run: " + refused.error());
        };
    }

    @Override
    public Map<ByteString, List<ByteString>> entries(String map) {
        Map<ByteString, List<ByteString>> entries = new HashMap<>();
        map(map).entries().forEach(entry -> entries.put(entry.key(), entry.values()));
        return entries;
    }

    @Override
    public void close() {
        object.close();
    }
}
