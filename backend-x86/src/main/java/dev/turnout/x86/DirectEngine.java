package dev.turnout.x86;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.live.Gates;
import dev.turnout.x86.live.LiveMachine;
import dev.turnout.x86.lower.DirectCompiler;
import dev.turnout.x86.memory.Serialisation;
import java.util.Optional;

/**
 * The engine {@code direct}: each instruction becomes machine code by itself. Programs run natively in this process; they are
 * proven, so nothing is checked while they run, and fuel is not counted: a run takes as long as it takes.
 */
public final class DirectEngine implements Engine {
    private final Gates gates;
    private final PatchMode patching;

    private DirectEngine(Gates gates, PatchMode patching) {
        this.gates = gates;
        this.patching = patching;
    }

    /** The engine, if this system lets native code be made; else a report says why not. The first call takes some milliseconds. */
    public static Optional<DirectEngine> create(Diagnostics diagnostics) {
        return create(PatchMode.CELL, diagnostics);
    }

    /**
     * The same with a choice.
     *
     * @param patching how static branches obey their keys; {@link PatchMode#FLAG} if the system cannot make all threads
     *     serialise (before Linux 4.16, or where {@code membarrier} is forbidden), since nobody could say then when the change of
     *     an instruction is seen
     */
    public static Optional<DirectEngine> create(PatchMode patching, Diagnostics diagnostics) {
        return Gates.ofProcess(diagnostics).map(gates -> new DirectEngine(gates, patching));
    }

    /** Asks the system only for code that has something to patch: the first answer may take milliseconds. */
    private PatchMode patching(BpfProgram program) {
        boolean patched = !program.branchSites().isEmpty()
                || program.maps().stream().anyMatch(map -> map.kind() == MapKind.PROG_ARRAY);
        return !patched || Serialisation.isAvailable() ? patching : PatchMode.FLAG;
    }

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public Optional<RunnableProgram> load(ExecutableProgram program, Machine machine, Diagnostics diagnostics) {
        LiveMachine live = LiveMachine.of(machine, gates);
        return DirectCompiler.compile(program, gates.features(), patching(program.program()), diagnostics)
                .flatMap(code -> machine.bind(program.program(), diagnostics)
                        .flatMap(binding -> live.place(code, binding, diagnostics)))
                .map(image -> new DirectProgram(program.program(), machine, live, image));
    }
}
