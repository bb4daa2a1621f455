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
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * An engine of our own.
 *
 * @param rewriting from the proof to the code that runs, by the seed
 * @param together whether all inputs are fed at once, which shows the memory of the last only; else one by one
 * @param fuel instructions that a run may take
 */
record EngineWay(String name, Engine engine, LongFunction<SpecializeOptions> rewriting, boolean together, long fuel)
        implements Way {
    private static final ByteString HIDDEN = ByteString.EMPTY;

    @Override
    public String name(Trial trial) {
        return name + " with " + rewriting.apply(trial.seed());
    }

    @Override
    public Seen see(Trial trial, Proven proven) {
        if (together && !trial.program().keys().isEmpty()) {
            return new Seen.Declined("keys change from run to run");
        }
        Diagnostics diagnostics = new Diagnostics();
        SpecializeOptions options = rewriting.apply(trial.seed());
        List<RunnableProgram> targets = new ArrayList<>();
        try (Machine machine = Machine.create(new ScriptedWorld(trial.seed()), 1)) {
            Optional<RunnableProgram> loaded =
                    engine.load(Specializer.specialize(proven.program(), options), machine, diagnostics);
            if (loaded.isEmpty()) {
                return new Seen.Declined(diagnostics.all().getFirst().message());
            }
            try (RunnableProgram program = loaded.get()) {
                proven.targets()
                        .forEach((index, target) -> engine.load(
                                        Specializer.specialize(target, options), machine, diagnostics)
                                .ifPresent(one -> {
                                    targets.add(one);
                                    place(machine, index, one);
                                }));
                List<Observation.Ending> endings =
                        together ? atOnce(program, trial.inputs()) : oneByOne(program, trial, machine);
                return new Seen.Ran(new Observation(endings, maps(machine)));
            } finally {
                targets.forEach(RunnableProgram::close);
            }
        }
    }

    private static void place(Machine machine, int index, RunnableProgram target) {
        for (BpfMap map : machine.maps().values()) {
            if (map instanceof ProgramArrayMap programs) {
                programs.put(index, target);
            }
        }
    }

    private List<Observation.Ending> oneByOne(RunnableProgram program, Trial trial, Machine machine) {
        List<Observation.Ending> endings = new ArrayList<>();
        for (int run = 0; run < trial.inputs().size(); run++) {
            for (int key = 0; key < trial.program().keys().size(); key++) {
                machine.keys().set(key, trial.keys().get(run));
            }
            endings.addAll(atOnce(program, List.of(trial.inputs().get(run))));
        }
        return endings;
    }

    private List<Observation.Ending> atOnce(RunnableProgram program, List<ByteString> inputs) {
        Diagnostics diagnostics = new Diagnostics();
        boolean memory = program.program().entry() instanceof BpfProgram.Entry.Memory;
        List<Input> fed = inputs.stream()
                .<Input>map(input -> memory ? new Input.Memory(input) : new Input.Packet(input))
                .toList();
        try {
            Batch.Result result = new Batch(new PacketFeed(true), 1, fuel)
                    .run(program, fed, diagnostics)
                    .orElseThrow(
                            () -> new IllegalStateException(diagnostics.all().toString()));
            List<Observation.Ending> endings = new ArrayList<>();
            for (int run = 0; run < inputs.size(); run++) {
                long verdict = result.verdicts().get(run);
                boolean last = run == inputs.size() - 1;
                endings.add(
                        verdict == Batch.REFUSED
                                ? new Observation.Ending.Refused()
                                : last
                                        ? new Observation.Ending.Returned(result.last(), result.output())
                                        : new Observation.Ending.Returned(verdict, HIDDEN));
            }
            return endings;
        } catch (RunFault fault) {
            return List.of(new Observation.Ending.Stopped(
                    fault.diagnostic().code().name(), fault.diagnostic().message()));
        }
    }

    @Override
    public Observation shown(Trial trial, Observation whole) {
        if (!together) {
            return whole;
        }
        List<Observation.Ending> endings = new ArrayList<>();
        for (int run = 0; run < whole.endings().size(); run++) {
            endings.add(
                    whole.endings().get(run) instanceof Observation.Ending.Returned(long result, ByteString _)
                                    && run < whole.endings().size() - 1
                            ? new Observation.Ending.Returned(result == Batch.REFUSED ? 0 : result, HIDDEN)
                            : whole.endings().get(run));
        }
        return new Observation(endings, whole.maps());
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
