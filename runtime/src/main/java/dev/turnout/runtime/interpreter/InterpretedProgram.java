package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.engine.Outcome;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapOfMaps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program as steps, with the maps and memory that it may use. Immutable; every run has an {@link Execution} of its own. */
final class InterpretedProgram implements RunnableProgram {
    final @Nullable Step[] steps;
    final LiveMemory memory;
    private final BpfProgram program;
    private final Machine machine;
    private final Binding binding;
    private final @Nullable Watcher watcher;
    /** Whether it may come to maps that are not its own: those in a map of maps. */
    private final boolean nests;

    InterpretedProgram(BpfProgram program, Machine machine, Binding binding, @Nullable Step[] steps) {
        this(program, machine, binding, steps, null);
    }

    private InterpretedProgram(
            BpfProgram program, Machine machine, Binding binding, @Nullable Step[] steps, @Nullable Watcher watcher) {
        this.watcher = watcher;
        this.program = program;
        this.machine = machine;
        this.binding = binding;
        this.steps = steps;
        this.nests = binding.maps().stream().anyMatch(MapOfMaps.class::isInstance);
        this.memory = new LiveMemory(program, binding, nests ? machine::allMaps : List::of);
    }

    /** The same, with somebody who looks on. */
    InterpretedProgram watchedBy(Watcher by) {
        return new InterpretedProgram(program, machine, binding, steps, by);
    }

    List<BpfMap> maps() {
        return binding.maps();
    }

    @Override
    public BpfProgram program() {
        return program;
    }

    @Override
    public Machine machine() {
        return machine;
    }

    /** The map whose header is at this address, or null. */
    @Nullable
    BpfMap mapAt(long address) {
        for (BpfMap map : binding.maps()) {
            if (map.address() == address) {
                return map;
            }
        }
        return nests ? innerAt(address) : null;
    }

    private @Nullable BpfMap innerAt(long address) {
        for (BpfMap map : machine.allMaps()) {
            if (map.address() == address) {
                return map;
            }
        }
        return null;
    }

    @Override
    public Outcome run(CpuSlots.Lease slot, long repeat, long fuel) {
        Execution execution =
                watcher == null ? new Execution(this, slot, fuel) : new WatchedExecution(this, slot, fuel, watcher);
        long result = 0;
        long start = System.nanoTime();
        for (long i = 0; i < repeat; i++) {
            if (watcher != null) {
                watcher.begins();
            }
            result = execution.run();
        }
        return new Outcome(result, repeat, execution.steps(), System.nanoTime() - start);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return program.name();
    }
}
