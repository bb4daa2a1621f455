package dev.turnout.bench.codesize;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.run.ProgramChoice;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.MapView;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.specialize.Specializer;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one object is and does.
 *
 * @param instructions in its program, a wide load counting once
 * @param executed instructions of one run on {@link WorkloadPacket}
 * @param result the global variable {@code result} after that run
 * @param verification instructions that our verifier looked at
 */
record Measurement(int instructions, long executed, BigInteger result, long verification) {
    private static final String RESULT = "result";

    /** Verifies the only program of an object and runs it once. An object that cannot is an error: the table would be incomplete. */
    static Measurement of(String name, BpfObject object, ByteString packet) {
        Diagnostics diagnostics = new Diagnostics();
        BpfProgram program =
                ProgramChoice.one(object, Optional.empty(), diagnostics).orElseThrow(() -> failed(name, diagnostics));
        Verdict verdict = ProgramVerdict.of(program).verdict();
        return switch (verdict) {
            case Verdict.Rejected rejected -> {
                for (Violation violation : rejected.violations()) {
                    diagnostics.report(violation.diagnostic(program));
                }
                throw failed(name, diagnostics);
            }
            case Verdict.Verified verified -> {
                try (Machine machine = Machine.create(new ScriptedWorld(), 1);
                        RunnableProgram runnable = new Interpreter()
                                .load(Specializer.specialize(verified.program()), machine, diagnostics)
                                .orElseThrow(() -> failed(name, diagnostics))) {
                    Batch.Result run = new Batch(new PacketFeed(false), 1, RunnableProgram.ENDLESS)
                            .run(runnable, List.of(new Input.Packet(packet)), diagnostics)
                            .orElseThrow(() -> failed(name, diagnostics));
                    yield new Measurement(
                            program.code().insns().size(), run.steps(), result(name, machine), verified.steps());
                }
            }
        };
    }

    private static BigInteger result(String name, Machine machine) {
        for (BpfMap map : machine.maps().values()) {
            Optional<BigInteger> found = find(MapView.show(map));
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalStateException(name + ": no global variable `" + RESULT + "`");
    }

    /** The number that stands under the name, at whatever depth. */
    private static Optional<BigInteger> find(Datum datum) {
        if (datum instanceof Datum.Fields(Map<String, Datum> fields)) {
            if (fields.get(RESULT) instanceof Datum.Number(BigInteger value)) {
                return Optional.of(value);
            }
            return fields.values().stream()
                    .map(Measurement::find)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (datum instanceof Datum.Items(List<Datum> items)) {
            return items.stream()
                    .map(Measurement::find)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return Optional.empty();
    }

    private static IllegalStateException failed(String name, Diagnostics diagnostics) {
        return new IllegalStateException(name + "\n" + new TerminalRenderer(false).render(diagnostics));
    }
}
