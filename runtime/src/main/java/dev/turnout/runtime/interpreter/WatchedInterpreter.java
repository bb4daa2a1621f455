package dev.turnout.runtime.interpreter;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.Optional;

/**
 * The interpreter, with somebody who looks on: what a verifier claims of each instruction is compared with what is there.
 *
 * @param watcher of every run of every program that is loaded by this; it is up to it to take several threads, if they run
 */
public record WatchedInterpreter(Watcher watcher) implements Engine {
    @Override
    public String name() {
        return "interp, watched";
    }

    @Override
    public Optional<RunnableProgram> load(ExecutableProgram program, Machine machine, Diagnostics diagnostics) {
        return Interpreter.load(program.program(), machine, diagnostics).map(loaded -> loaded.watchedBy(watcher));
    }
}
