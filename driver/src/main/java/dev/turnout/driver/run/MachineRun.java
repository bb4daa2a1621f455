package dev.turnout.driver.run;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.TypedBytes;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
            BpfObject object, RunRequest request, Engine engine, World world, Diagnostics diagnostics) {
        Optional<BpfProgram> chosen = ProgramChoice.one(object, request.program(), diagnostics);
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        return switch (ProgramVerdict.of(chosen.get()).verdict()) {
            case Verdict.Rejected rejected -> {
                rejected.violations().forEach(violation -> diagnostics.report(violation.diagnostic(chosen.get())));
                yield Optional.empty();
            }
            case Verdict.Verified verified -> {
                try (Machine machine = Machine.create(world)) {
                    Optional<RunnableProgram> program =
                            engine.load(Specializer.specialize(verified.program()), machine, diagnostics);
                    if (program.isEmpty() || !prepare(machine, chosen.get(), request, diagnostics)) {
                        yield Optional.empty();
                    }
                    try (RunnableProgram runnable = program.get()) {
                        yield new Batch(request.feed(), request.repeat(), RunnableProgram.ENDLESS)
                                .run(runnable, request.inputs(), diagnostics)
                                .map(result -> report(runnable, engine, result));
                    }
                }
            }
        };
    }

    private static boolean prepare(Machine machine, BpfProgram program, RunRequest request, Diagnostics diagnostics) {
        boolean right = true;
        for (Map.Entry<String, Datum> preset : request.presets().entrySet()) {
            right &= machine.preset(preset.getKey(), preset.getValue(), diagnostics);
        }
        for (Map.Entry<String, String> key : request.keys().entrySet()) {
            right &= setKey(machine, program, key.getKey(), key.getValue(), diagnostics);
        }
        return right;
    }

    private static boolean setKey(
            Machine machine, BpfProgram program, String name, String text, Diagnostics diagnostics) {
        Optional<Integer> number = machine.keys().number(name);
        if (number.isEmpty()) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.U0102, "the program has no key `" + name + "`")
                    .withNote(
                            program.keys().isEmpty()
                                    ? "it has none at all"
                                    : "it has "
                                            + String.join(
                                                    ", ",
                                                    program.keys().stream()
                                                            .map(KeyDefinition::name)
                                                            .toList())));
            return false;
        }
        KeyDefinition key = program.keys().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        StringBuilder why = new StringBuilder();
        Datum datum = DatumJson.parse(text, new StringBuilder()).orElseGet(() -> new Datum.Text(text));
        Optional<ByteString> bytes =
                TypedBytes.read(key.type(), datum, (int) key.type().size(), why);
        if (bytes.isEmpty()) {
            diagnostics.report(
                    Diagnostic.general(DiagnosticCode.U0102, "`" + text + "` is no value for key `" + name + "`")
                            .withNote(why.toString()));
            return false;
        }
        long value = 0;
        for (int i = bytes.get().size() - 1; i >= 0; i--) {
            value = value << 8 | Byte.toUnsignedLong(bytes.get().at(i));
        }
        machine.keys().set(number.get(), value);
        return true;
    }

    private static RunReport report(RunnableProgram program, Engine engine, Batch.Result result) {
        List<Optional<Integer>> results = new ArrayList<>(result.verdicts().size());
        for (long verdict : result.verdicts()) {
            results.add(verdict == Batch.REFUSED ? Optional.empty() : Optional.of((int) verdict));
        }
        Map<String, Datum> maps = new LinkedHashMap<>();
        for (Map.Entry<String, BpfMap> map : program.machine().maps().entrySet()) {
            if (!map.getKey().startsWith(".")) {
                maps.put(map.getKey(), MapView.show(map.getValue()));
            }
        }
        return new RunReport(
                program.name(),
                engine.name(),
                program.program().type(),
                result.runs(),
                results,
                (int) result.last(),
                result.steps(),
                result.nanosPerRun(),
                maps,
                List.of());
    }
}
