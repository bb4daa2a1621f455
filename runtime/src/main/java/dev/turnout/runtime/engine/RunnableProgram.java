package dev.turnout.runtime.engine;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.TailTarget;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;

/** A program that is bound to a machine. Any number of threads may run it at once, each on a slot that it has leased. */
public interface RunnableProgram extends TailTarget, AutoCloseable {
    /** Fuel that is never used up. */
    long ENDLESS = Long.MAX_VALUE;

    /** What runs, as the engine was given it. */
    BpfProgram program();

    Machine machine();

    /**
     * Runs on the context that the slot's workspace holds, as often as said. Each repetition sees the packet, the context and
     * the maps as the last one left them.
     *
     * @param repeat at least 1
     * @param fuel instructions that one repetition may take; engines that do not count ignore it
     * @throws RunFault if the fuel is used up, or if the program did what was proven impossible
     */
    Outcome run(CpuSlots.Lease slot, long repeat, long fuel);

    @Override
    default Optional<ProgramType> programType() {
        return program().type();
    }

    @Override
    default String name() {
        return program().name();
    }

    /** Frees what the engine made for the program. The machine stays. */
    @Override
    void close();
}
