package dev.turnout.driver.load;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.Optional;

/**
 * The one way of a program into a machine.
 *
 * @param engine what will run it
 * @param rules what it is held to, besides safety
 * @param rewrites what is done to it between the proof and the engine
 */
public record Loader(Engine engine, Options rules, SpecializeOptions rewrites) {
    /** With {@link SpecializeOptions#DEFAULT}. */
    public Loader(Engine engine, Options rules) {
        this(engine, rules, SpecializeOptions.DEFAULT);
    }

    /** The same with other rewrites. */
    public Loader with(SpecializeOptions others) {
        return new Loader(engine, rules, others);
    }

    /** A loader that holds programs to Linux's rules, as {@code run} and {@code test} do. */
    public static Loader linux(Engine engine) {
        return new Loader(engine, Options.linux());
    }

    /**
     * Verifies a program and specializes it.
     *
     * @return empty if it was rejected, which was reported
     */
    public Optional<ExecutableProgram> prove(BpfProgram program, Diagnostics diagnostics) {
        return switch (Verifier.verify(program, rules)) {
            case Verdict.Verified verified -> Optional.of(Specializer.specialize(verified.program(), rewrites));
            case Verdict.Rejected rejected -> {
                rejected.violations().forEach(violation -> diagnostics.report(violation.diagnostic(program)));
                yield Optional.empty();
            }
        };
    }

    /**
     * Verifies a program, specializes it, and makes it ready to run.
     *
     * @return empty if it was rejected, or if the machine lacks something that it needs; which was reported
     */
    public Optional<RunnableProgram> load(BpfProgram program, Machine machine, Diagnostics diagnostics) {
        return prove(program, diagnostics).flatMap(proven -> engine.load(proven, machine, diagnostics));
    }
}
