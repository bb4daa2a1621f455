package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.BpfMap;
import java.util.List;

/** What a machine holds before an instruction. */
public interface Moment {
    /** The program in whose code the run is: another one behind a tail call. */
    BpfProgram program();

    /** The instruction. */
    int slot();

    /** Frames below the present one: 0 in the function that was entered first. */
    int depth();

    long register(Reg reg);

    Workspace workspace();

    /** The maps of {@link #program}, in its order. */
    List<BpfMap> maps();
}
