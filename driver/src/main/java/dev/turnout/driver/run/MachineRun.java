package dev.turnout.driver.run;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.load.ProgramPreset;
import dev.turnout.runtime.context.ContextFields;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.Datum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a program on a machine of ours. */
public final class MachineRun {
    private MachineRun() {}

    /**
     * Verifies the chosen program and runs it.
     *
     * @return empty if something was reported
     */
    public static Optional<RunReport> run(
            BpfObject object, RunRequest request, Loader loader, World world, Diagnostics diagnostics) {
        Optional<BpfProgram> chosen = ProgramChoice.one(object, request.program(), diagnostics);
        Optional<List<BpfProgram>> wanted =
                chosen.flatMap(one -> ProgramPreset.with(one, object, request.presets(), diagnostics));
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Optional<LoadedObject> loaded =
                LoadedObject.of(object, wanted.get(), loader, Machine.create(world), diagnostics);
        if (loaded.isEmpty()) {
            return Optional.empty();
        }
        try (LoadedObject here = loaded.get()) {
            return prepare(here, request, diagnostics)
                    ? GivenInputs.of(request, chosen.get(), diagnostics)
                            .flatMap(inputs -> feed(here, request, inputs, loader, diagnostics))
                    : Optional.empty();
        }
    }

    private static boolean prepare(LoadedObject object, RunRequest request, Diagnostics diagnostics) {
        boolean right = true;
        for (Map.Entry<String, Datum> preset : request.presets().entrySet()) {
            right &= object.preset(preset.getKey(), preset.getValue(), diagnostics);
        }
        for (Map.Entry<String, String> key : request.keys().entrySet()) {
            right &= object.setKey(key.getKey(), key.getValue(), diagnostics);
        }
        return right;
    }

    private static Optional<RunReport> feed(
            LoadedObject object, RunRequest request, List<Input> inputs, Loader loader, Diagnostics diagnostics) {
        RunnableProgram program = object.programs().values().iterator().next();
        Optional<Batch.Result> result;
        try (KeyWatch.Watching _ = request.watch().begin(object.keys())) {
            result = new Batch(request.feed(), request.repeat(), RunnableProgram.ENDLESS)
                    .run(program, inputs, diagnostics);
        }
        return result.map(one -> report(object, program, request.context().isPresent(), loader, one));
    }

    private static RunReport report(
            LoadedObject object, RunnableProgram program, boolean withContext, Loader loader, Batch.Result result) {
        List<Optional<Integer>> results = new ArrayList<>(result.verdicts().size());
        for (long verdict : result.verdicts()) {
            results.add(verdict == Batch.REFUSED ? Optional.empty() : Optional.of((int) verdict));
        }
        return new RunReport(
                program.name(),
                loader.engine().name(),
                program.program().type(),
                result.runs(),
                results,
                (int) result.last(),
                result.steps(),
                result.nanosPerRun(),
                withContext
                        ? program.program().type().map(type -> ContextFields.show(type, result.context()))
                        : Optional.empty(),
                Redirects.of(program, result),
                object.mapContents(),
                List.of());
    }
}
