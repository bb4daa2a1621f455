package dev.turnout.runtime.engine;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.Optional;

/** A way to run programs. Stateless: what it loads belongs to the machine. */
public interface Engine {
    /** As {@code --engine} names it. */
    String name();

    /**
     * Makes a program ready to run on a machine.
     *
     * @return empty if the machine lacks something that the program needs, which was reported
     */
    Optional<RunnableProgram> load(ExecutableProgram program, Machine machine, Diagnostics diagnostics);
}
