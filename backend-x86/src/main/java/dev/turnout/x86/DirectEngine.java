package dev.turnout.x86;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.x86.live.Gates;
import dev.turnout.x86.live.LiveMachine;
import dev.turnout.x86.lower.DirectCompiler;
import java.util.Optional;

/**
 * The engine {@code direct}: each instruction becomes machine code by itself. Programs run natively in this process; they are
 * proven, so nothing is checked while they run, and fuel is not counted: a run takes as long as it takes.
 */
public final class DirectEngine implements Engine {
    private final Gates gates;

    private DirectEngine(Gates gates) {
        this.gates = gates;
    }

    /** The engine, if this system lets native code be made; else a report says why not. The first call takes some milliseconds. */
    public static Optional<DirectEngine> create(Diagnostics diagnostics) {
        return Gates.ofProcess(diagnostics).map(DirectEngine::new);
    }

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public Optional<RunnableProgram> load(ExecutableProgram program, Machine machine, Diagnostics diagnostics) {
        LiveMachine live = LiveMachine.of(machine, gates);
        return DirectCompiler.compile(program, gates.features(), diagnostics)
                .flatMap(code -> machine.bind(program.program(), diagnostics)
                        .flatMap(binding -> live.place(code, binding, diagnostics)))
                .map(image -> new DirectProgram(program.program(), machine, live, image));
    }
}
