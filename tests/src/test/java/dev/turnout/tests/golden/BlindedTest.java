package dev.turnout.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What golden programs claim of themselves holds, too, when their constants are blinded, with and without folding. */
class BlindedTest {
    private static final List<SpecializeOptions> WAYS =
            List.of(SpecializeOptions.DEFAULT.blinded(11), SpecializeOptions.NONE.blinded(12));

    @Test
    void everyTestBlockPassesOnBlindedCode() throws IOException {
        List<String> failures = new ArrayList<>();
        int passed = 0;
        for (Path path : GoldenTest.files()) {
            GoldenFile file = GoldenFile.parse(Files.readString(path));
            if (file.sections().stream().noneMatch(section -> section.name().equals("tests"))) {
                continue;
            }
            Stages stages = new Subject(path, file).stages(TargetProfile.VM);
            for (EngineRow row : EngineRow.values()) {
                if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                    for (SpecializeOptions rewrites : WAYS) {
                        Loader loader = Loader.linux(engine).with(rewrites);
                        for (TestRunner.Result result :
                                TestRunner.run(stages.compilation(), loader).orElse(List.of())) {
                            if (result.ending() instanceof TestRunner.Ending.Failed failed) {
                                failures.add(path + " on " + row.word() + ", " + rewrites + ": " + failed);
                            } else if (result.ending() instanceof TestRunner.Ending.Passed) {
                                passed++;
                            }
                        }
                    }
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(passed).as("tests that passed").isGreaterThan(100);
    }
}
