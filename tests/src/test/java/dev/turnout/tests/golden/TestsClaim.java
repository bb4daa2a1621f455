package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code //! tests [blind=SEED] [targets=T,…]}: every {@code test} block of the program passes, on code for each target, or for
 * those that have what the program demands. Kernels are asked by {@code dev.turnout.tests.kernel}.
 */
final class TestsClaim implements Directive.Claim {
    @Override
    public List<String> failures(Subject subject, Section section) {
        List<String> failures = new ArrayList<>();
        for (EngineRow row : EngineRow.values()) {
            if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                for (TargetProfile target : targets(section)) {
                    failures.addAll(failures(subject, section, target, engine));
                }
            }
        }
        return failures;
    }

    private static List<TargetProfile> targets(Section section) {
        String words = section.options().get("targets");
        if (words == null) {
            return List.of(TargetProfile.values());
        }
        List<TargetProfile> targets = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            targets.add(TargetProfile.ofWord(word)
                    .orElseThrow(() -> new IllegalArgumentException("no target is called " + word)));
        }
        return targets;
    }

    private static List<String> failures(Subject subject, Section section, TargetProfile target, Engine engine) {
        Stages stages = subject.stages(target);
        Loader loader = Loader.linux(engine).with(SpecializedText.rewrites(section));
        return judge(stages, target, engine.name(), TestRunner.run(stages.compilation(), loader));
    }

    private static List<String> judge(
            Stages stages, TargetProfile target, String engine, Optional<List<TestRunner.Result>> results) {
        if (results.orElse(List.of()).isEmpty()) {
            return List.of("no test of code for " + target.word() + " ran\n" + stages.diagnostics());
        }
        List<String> failures = new ArrayList<>();
        for (TestRunner.Result result : results.get()) {
            if (result.ending() instanceof TestRunner.Ending.Failed failed) {
                Diagnostics reasons = new Diagnostics();
                failed.reasons().forEach(reasons::report);
                failures.add("on " + engine + ", code for " + target.word() + ", test \"" + result.test() + "\":\n"
                        + new TerminalRenderer(false).render(reasons));
            }
        }
        return failures;
    }
}
