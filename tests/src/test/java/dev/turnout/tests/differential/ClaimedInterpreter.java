package dev.turnout.tests.differential;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.interpreter.WatchedInterpreter;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The interpreter, which compares the machine with the invariants before each instruction. For one thread, one machine after the
 * other; programs must run as they were verified.
 */
final class ClaimedInterpreter implements Engine {
    /** Of the programs of a machine, because they call each other. */
    private Claims claims = new Claims();

    private @Nullable Machine present;

    @Override
    public String name() {
        return "interp";
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The machine, not one like it.
    public Optional<RunnableProgram> load(ExecutableProgram program, Machine machine, Diagnostics diagnostics) {
        if (machine != present) {
            present = machine;
            claims = new Claims();
        }
        claims.add(program.program(), program.origin());
        return new WatchedInterpreter(claims).load(program, machine, diagnostics);
    }
}
