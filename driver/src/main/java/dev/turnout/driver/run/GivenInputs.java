package dev.turnout.driver.run;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.ContextFields;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.map.Datum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a program is to be run on: what was given, with the context that was given, as the program's type lays it out. */
final class GivenInputs {
    private GivenInputs() {}

    /** Empty if the context cannot be read, which is reported. */
    static Optional<List<Input>> of(RunRequest request, BpfProgram program, Diagnostics diagnostics) {
        if (request.context().isEmpty()) {
            return Optional.of(request.inputs());
        }
        Datum given = request.context().get();
        StringBuilder why = new StringBuilder();
        Optional<ByteString> context = program.type().flatMap(type -> ContextFields.read(type, given, why));
        if (context.isEmpty()) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.U0108, "the context cannot be read: " + why));
            return Optional.empty();
        }
        if (request.inputs().isEmpty()) {
            return Optional.of(List.of(new Input.Memory(context.get())));
        }
        List<Input> inputs = new ArrayList<>();
        for (Input input : request.inputs()) {
            inputs.add(
                    switch (input) {
                        case Input.Packet(ByteString frame, ByteString _) -> new Input.Packet(frame, context.get());
                        case Input.Memory memory -> memory;
                    });
        }
        return Optional.of(inputs);
    }
}
