package dev.turnout.tests.differential;

import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.PatchMode;
import java.util.ArrayList;
import java.util.List;

/**
 * All ways to run programs here. The reference is the first: the interpreter, which checks every access and every claim of the
 * verifier, on the code that was verified, as it is. Others run what the specializer makes of it, with options that the seed chooses.
 */
final class Ways {
    /** Instructions that a run may take: no program that was drawn needs nearly as many, only such as were spoiled. */
    private static final long FUEL = 200_000;

    private Ways() {}

    static EngineWay reference() {
        return new EngineWay("interp", new ClaimedInterpreter(), seed -> SpecializeOptions.NONE, false, FUEL);
    }

    static List<Way> all() {
        List<Way> ways = new ArrayList<>();
        ways.add(reference());
        for (EngineRow row : EngineRow.values()) {
            switch (row.availability()) {
                case EngineRow.Availability.Here(var engine) -> {
                    // What the reference ends, ends.
                    ways.add(new EngineWay(
                            row.word() + " rewritten", engine, Ways::rewritten, false, RunnableProgram.ENDLESS));
                    ways.add(new EngineWay(
                            row.word() + " at once",
                            engine,
                            seed -> rewritten(seed >> 2),
                            true,
                            RunnableProgram.ENDLESS));
                }
                case EngineRow.Availability.InKernel _ -> ways.add(new KernelWay());
                case EngineRow.Availability.Absent _ -> {}
            }
        }
        for (PatchMode mode : List.of(PatchMode.DISPLACEMENT, PatchMode.FLAG)) {
            if (EngineRow.DIRECT.availability(mode) instanceof EngineRow.Availability.Here(var engine)) {
                ways.add(new KeyedWay(new EngineWay(
                        "direct, " + mode.word(), engine, Ways::rewritten, false, RunnableProgram.ENDLESS)));
            }
        }
        return ways;
    }

    private static SpecializeOptions rewritten(long seed) {
        SpecializeOptions options = (seed & 1) == 0 ? SpecializeOptions.DEFAULT : SpecializeOptions.NONE;
        return (seed & 2) == 0 ? options.blinded(seed) : options;
    }
}
