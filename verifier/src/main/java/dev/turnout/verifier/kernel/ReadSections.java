package dev.turnout.verifier.kernel;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.verifier.domain.State;

/**
 * Where RCU keeps objects alive: inside of a read section that the program has begun, under a lock, and everywhere in programs that may
 * not sleep, since each of their runs is one. Linux 7.2, {@code in_rcu_cs}.
 */
public record ReadSections(boolean sleepable) {
    public static ReadSections of(BpfProgram program) {
        return new ReadSections(program.has(ProgramSection.Trait.SLEEPABLE));
    }

    public boolean around(State state) {
        return state.held().readSections() > 0 || !state.held().locks().isEmpty() || !maySleep(state);
    }

    /** Whether runs may sleep where no region is open. */
    public boolean maySleep(State state) {
        return switch (state.rest()) {
            case AS_PROGRAM -> sleepable;
            case ALLOWED -> true;
            case FORBIDDEN, COMPARING -> false;
        };
    }
}
