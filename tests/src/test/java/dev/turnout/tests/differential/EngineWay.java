package dev.turnout.tests.differential;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.verifier.VerifiedProgram;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An engine of our own.
 *
 * @param rewriting from the proof to the code that runs
 */
record EngineWay(String name, Engine engine, Function<VerifiedProgram, ExecutableProgram> rewriting) implements Way {
    /** Instructions that a run may take: no program that was drawn needs nearly as many, only such as were spoiled. */
    static final long FUEL = 200_000;

    @Override
    public Seen see(Trial trial, VerifiedProgram verified) {
        Diagnostics diagnostics = new Diagnostics();
        try (Machine machine = Machine.create(new ScriptedWorld(trial.seed()), 1)) {
            Optional<RunnableProgram> loaded = engine.load(rewriting.apply(verified), machine, diagnostics);
            if (loaded.isEmpty()) {
                return new Seen.Declined(diagnostics.all().getFirst().message());
            }
            try (RunnableProgram program = loaded.get()) {
                List<Observation.Ending> endings = new ArrayList<>();
                for (int run = 0; run < trial.inputs().size(); run++) {
                    for (int key = 0; key < trial.program().keys().size(); key++) {
                        machine.keys().set(key, trial.keys().get(run));
                    }
                    endings.add(run(program, trial.inputs().get(run)));
                }
                return new Seen.Ran(new Observation(endings, maps(machine)));
            }
        }
    }

    private static Observation.Ending run(RunnableProgram program, ByteString input) {
        Diagnostics diagnostics = new Diagnostics();
        Input fed = program.program().entry() instanceof BpfProgram.Entry.Memory
                ? new Input.Memory(input)
                : new Input.Packet(input);
        try {
            Batch.Result result = new Batch(new PacketFeed(true), 1, FUEL)
                    .run(program, List.of(fed), diagnostics)
                    .orElseThrow(
                            () -> new IllegalStateException(diagnostics.all().toString()));
            return result.refused() > 0
                    ? new Observation.Ending.Refused()
                    : new Observation.Ending.Returned(result.last(), result.output());
        } catch (RunFault fault) {
            return new Observation.Ending.Stopped(
                    fault.diagnostic().code().name(), fault.diagnostic().message());
        }
    }

    private static Map<String, List<String>> maps(Machine machine) {
        Map<String, List<String>> maps = new TreeMap<>();
        for (Map.Entry<String, BpfMap> map : machine.maps().entrySet()) {
            List<String> entries = new ArrayList<>();
            map.getValue().each(entry -> entries.add(entry.key() + "=" + entry.values()));
            maps.put(map.getKey(), entries);
        }
        return maps;
    }
}
