package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Requirements;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.Optional;

/** The engine {@code interp}. */
public final class Interpreter implements Engine {
    @Override
    public String name() {
        return "interp";
    }

    @Override
    public Optional<RunnableProgram> load(ExecutableProgram program, Machine machine, Diagnostics diagnostics) {
        return load(program.program(), machine, diagnostics).map(loaded -> loaded);
    }

    /** For tests of the interpreter itself, which is safe with any program. */
    static Optional<InterpretedProgram> load(BpfProgram program, Machine machine, Diagnostics diagnostics) {
        if (!Requirements.met(program, diagnostics)) {
            return Optional.empty();
        }
        return machine.bind(program, diagnostics)
                .map(binding ->
                        new InterpretedProgram(program, machine, binding, StepDecoder.decode(program, binding)));
    }
}
