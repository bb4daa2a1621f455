package dev.turnout.tests.kernel;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the running kernel's verifier says of an object.
 *
 * @param steps instructions that it looked at, by program that it takes
 * @param refusals what it says of those that it does not take
 */
record KernelLoad(Map<String, Integer> steps, List<String> refusals) {
    static KernelLoad of(BpfObject object) {
        Map<String, Integer> steps = new LinkedHashMap<>();
        List<String> refusals = new ArrayList<>();
        try (KernelObject kernel = new KernelObject()) {
            for (ObjectFunction function : object.programs()) {
                Diagnostics diagnostics = new Diagnostics();
                Optional<BpfProgram> program = ProgramLoader.load(object, function.name(), diagnostics);
                Optional<KernelProgram> loaded = program.flatMap(one -> kernel.load(one, diagnostics));
                loaded.ifPresentOrElse(
                        one -> steps.put(function.name(), one.figures().verified()),
                        () -> refusals.add(new TerminalRenderer(false).render(diagnostics)));
            }
        }
        return new KernelLoad(steps, refusals);
    }
}
