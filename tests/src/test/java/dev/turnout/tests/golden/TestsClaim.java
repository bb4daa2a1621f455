package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;

/** {@code //! tests}: every {@code test} block of the program passes, on code for each target. */
final class TestsClaim implements Directive.Claim {
    @Override
    public List<String> failures(Subject subject, Section section) {
        List<String> failures = new ArrayList<>();
        for (TargetProfile target : TargetProfile.values()) {
            failures.addAll(failures(subject, target));
        }
        return failures;
    }

    private static List<String> failures(Subject subject, TargetProfile target) {
        Stages stages = subject.stages(target);
        List<TestRunner.Result> results =
                TestRunner.run(stages.compilation(), new Interpreter()).orElse(List.of());
        if (results.isEmpty()) {
            return List.of("no test of code for " + target.word() + " ran\n" + stages.diagnostics());
        }
        List<String> failures = new ArrayList<>();
        for (TestRunner.Result result : results) {
            if (result.ending() instanceof TestRunner.Ending.Failed failed) {
                Diagnostics reasons = new Diagnostics();
                failed.reasons().forEach(reasons::report);
                failures.add("on the interpreter, code for " + target.word() + ", test \"" + result.test() + "\":\n"
                        + new TerminalRenderer(false).render(reasons));
            }
        }
        return failures;
    }

    @Override
    public List<String> kernelFailures(Subject subject, Section section) {
        return Kernel.loadFailures(subject.stages(Kernel.TARGET).programs(List.of()));
    }
}
