package dev.turnout.driver.run;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.ProgramPreset;
import dev.turnout.driver.load.ProgramTables;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelEntry;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.linux.syscall.CpuAffinity;
import dev.turnout.runtime.context.ContextFields;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapEntry;
import dev.turnout.runtime.map.MapView;
import dev.turnout.stdlib.map.MapKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a program in the running kernel, through its test run. */
public final class KernelRun {
    private static final String ENGINE = "kernel";
    /** Where loaders look for maps that are pinned by name, unless they are told otherwise. */
    private static final Path PINS = Path.of("/sys/fs/bpf");

    private KernelRun() {}

    /**
     * Loads the chosen program into the kernel, whose verifier judges it, and runs it.
     *
     * @return empty if something was reported
     */
    public static Optional<RunReport> run(BpfObject given, RunRequest request, Diagnostics diagnostics) {
        Optional<BpfObject> object = LoweredKeys.apply(given, request.keys(), diagnostics);
        Optional<BpfProgram> chosen = object.flatMap(one -> ProgramChoice.one(one, request.program(), diagnostics));
        if (chosen.isEmpty() || !KernelObject.permitted(diagnostics)) {
            return Optional.empty();
        }
        if (request.repeat() > Integer.MAX_VALUE) {
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.U0102, "the kernel repeats a run at most " + Integer.MAX_VALUE + " times"));
            return Optional.empty();
        }
        // On one CPU throughout, so that per-CPU values land in one place as they do on a machine of ours.
        try (CpuAffinity _ = CpuAffinity.first();
                KernelObject kernel = new KernelObject()) {
            kernel.usePinned(given.maps(), PINS);
            Optional<KernelProgram> program = load(kernel, object.orElseThrow(), chosen.get(), request, diagnostics);
            if (program.isEmpty()) {
                return Optional.empty();
            }
            for (Map.Entry<String, Datum> preset : request.presets().entrySet()) {
                if (!new KernelPreset(kernel, diagnostics).put(preset.getKey(), preset.getValue())) {
                    return Optional.empty();
                }
            }
            try (KeyWatch.Watching _ = request.watch().begin(LoweredKeys.of(given, kernel))) {
                return GivenInputs.of(request, chosen.get(), diagnostics)
                        .map(inputs -> feed(kernel, program.get(), request, inputs));
            }
        }
    }

    /** Loads a program with those that its tail calls lead to and that presets name. */
    private static Optional<KernelProgram> load(
            KernelObject kernel, BpfObject object, BpfProgram chosen, RunRequest request, Diagnostics diagnostics) {
        Optional<KernelProgram> first = Optional.empty();
        for (BpfProgram program : ProgramPreset.with(chosen, object, request.presets(), diagnostics)
                .flatMap(wanted -> ProgramTables.withTargets(object, wanted, diagnostics))
                .orElse(List.of())) {
            Optional<KernelProgram> loaded = kernel.load(program, diagnostics);
            if (loaded.isEmpty()) {
                return Optional.empty();
            }
            first = first.or(() -> loaded);
        }
        boolean filled =
                kernel.fill(ProgramTables.filled(object), diagnostics) && kernel.nest(object.maps(), diagnostics);
        return filled ? first : Optional.empty();
    }

    private static RunReport feed(KernelObject kernel, KernelProgram program, RunRequest request, List<Input> inputs) {
        List<Optional<Integer>> results = new ArrayList<>(inputs.size());
        ByteString context = ByteString.EMPTY;
        int last = 0;
        long runs = 0;
        double nanos = 0;
        for (Input input : inputs) {
            TestRun run = switch (input) {
                case Input.Packet packet ->
                    program.takes(packet.frame())
                            ? program.run(packet.frame(), packet.context(), (int) request.repeat())
                            : new TestRun.Refused(0);
                case Input.Memory memory -> program.runContext(memory.bytes(), (int) request.repeat());
            };
            switch (run) {
                case TestRun.Ran ran -> {
                    results.add(Optional.of(ran.result()));
                    last = ran.result();
                    context = ran.context();
                    runs += request.repeat();
                    nanos += (double) ran.nanos() * request.repeat();
                }
                case TestRun.Refused _ -> results.add(Optional.empty());
            }
        }
        return new RunReport(
                program.program().name(),
                ENGINE,
                program.program().type(),
                runs,
                results,
                last,
                0,
                runs == 0 ? 0 : nanos / runs,
                shown(program, request, context),
                List.of(),
                maps(kernel),
                List.of());
    }

    private static Optional<Datum> shown(KernelProgram program, RunRequest request, ByteString context) {
        return request.context().isEmpty()
                ? Optional.empty()
                : program.program().type().map(type -> ContextFields.show(type, context));
    }

    private static Map<String, Datum> maps(KernelObject kernel) {
        Map<String, Datum> maps = new LinkedHashMap<>();
        for (Map.Entry<String, KernelMap> map : kernel.maps().entrySet()) {
            MapKind.Values values = map.getValue().definition().kind().valueKind();
            boolean shown = values == MapKind.Values.PLAIN
                    || map.getValue().definition().kind() == MapKind.RINGBUF;
            if (!map.getKey().startsWith(".") && shown) {
                List<MapEntry> entries = new ArrayList<>();
                for (KernelEntry entry : map.getValue().entries()) {
                    entries.add(new MapEntry(entry.key(), entry.values()));
                }
                maps.put(map.getKey(), MapView.show(map.getValue().definition(), entries));
            }
        }
        kernel.tables().forEach((name, programs) -> maps.put(name, MapView.programs(programs)));
        return maps;
    }
}
