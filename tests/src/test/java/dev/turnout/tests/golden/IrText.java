package dev.turnout.tests.golden;

import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.frontend.lower.LoweredProgram;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.pass.Pipeline;
import dev.turnout.ir.text.IrPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code //! ir [function] [after=STAGE]}: the SSA language, of one function or of all. STAGE is {@code lowered} (variables
 * in slots), {@code proven} (variables are values, claims are shown), the name of a pass, or, if it is left out, the end of
 * the pipeline.
 */
final class IrText {
    private IrText() {}

    static String of(Subject subject, Section section) {
        String stage = section.options().getOrDefault("after", "");
        Compilation stages = subject.stages(section).compilation();
        Optional<Module> module = switch (stage) {
            case "" -> stages.optimised();
            case "lowered" -> stages.lowered().map(LoweredProgram::module);
            case "proven" -> stages.proven();
            default -> stages.proven().map(from -> after(stage, from));
        };
        if (module.isEmpty()) {
            return "no IR:\n" + new TerminalRenderer(false).render(stages.diagnostics());
        }
        StringBuilder text = new StringBuilder();
        List<String> wanted = section.words();
        for (Function function : module.get().functions()) {
            if (wanted.isEmpty() || wanted.contains(function.name())) {
                text.append(IrPrinter.print(function)).append('\n');
            }
        }
        return text.isEmpty() ? "no function " + wanted : text.toString();
    }

    private static Module after(String pass, Module module) {
        List<Pipeline.Step> steps = new ArrayList<>();
        for (Pipeline.Step step : Pipeline.STANDARD) {
            steps.add(step);
            if (step.name().equals(pass)) {
                return Pipeline.run(steps, module, true, Pipeline.Observer.NONE);
            }
        }
        throw new IllegalArgumentException("no pass is called " + pass);
    }
}
