package dev.turnout.tests.differential;

import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.List;

/** All ways to run programs here, the reference first: the interpreter, which checks every access. */
final class Ways {
    private Ways() {}

    static List<Way> all() {
        List<Way> ways = new ArrayList<>();
        ways.add(new EngineWay("interp", new Interpreter(), Specializer::specialize));
        for (EngineRow row : EngineRow.values()) {
            switch (row.availability()) {
                case EngineRow.Availability.Here here when here.engine() instanceof Interpreter -> {}
                case EngineRow.Availability.Here here ->
                    ways.add(new EngineWay(row.word(), here.engine(), Specializer::specialize));
                case EngineRow.Availability.InKernel _ -> ways.add(new KernelWay());
                case EngineRow.Availability.Absent _ -> {}
            }
        }
        return ways;
    }
}
