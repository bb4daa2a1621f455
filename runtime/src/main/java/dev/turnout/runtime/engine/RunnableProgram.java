package dev.turnout.runtime.engine;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.context.PreparedInputs;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Keys;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.TailTarget;
import dev.turnout.stdlib.program.ProgramType;
import java.util.BitSet;
import java.util.List;
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

    /**
     * Runs on each of these inputs as often as said, in their order; the last r0 of each is kept with it. The slot's present input
     * is the last one then, so the inputs are not to be closed before the slot is given another one.
     *
     * @return what all runs gave together; r0 is the last one
     * @throws RunFault as for {@link #run(CpuSlots.Lease, long, long)}
     */
    default Outcome run(CpuSlots.Lease slot, PreparedInputs inputs, long repeat, long fuel) {
        Outcome all = new Outcome(0, 0, 0, 0);
        for (int i = 0; i < inputs.count(); i++) {
            InputDescriptor input = inputs.input(i);
            slot.workspace().present(input);
            Outcome one = run(slot, repeat, fuel);
            input.result(one.result());
            all = new Outcome(
                    one.result(), all.runs() + one.runs(), all.steps() + one.steps(), all.nanos() + one.nanos());
        }
        return all;
    }

    /**
     * Runs once on the present input, without a clock: the shortest way from Java.
     *
     * @return r0
     * @throws RunFault as for {@link #run(CpuSlots.Lease, long, long)}
     */
    default long once(CpuSlots.Lease slot) {
        return run(slot, 1, ENDLESS).result();
    }

    /**
     * The slots of {@link #program()} whose static branch does nothing now. This reads it off the keys; an engine that patches code
     * looks at the code. A snapshot: another thread may set a key meanwhile.
     */
    default BitSet nops() {
        BitSet nops = new BitSet();
        List<BranchSite> sites = program().branchSites();
        sites.forEach(site -> nops.set(site.slot()));
        for (BranchSite site : sites) {
            Keys keys = machine().keys();
            KeyDefinition key = program().keys().get(site.key());
            long value = keys.value(keys.number(key.name()).orElseThrow());
            if ((value == site.value()) != site.inverse()) {
                nops.clear(site.slot());
            }
        }
        return nops;
    }

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
