package dev.turnout.bench.ways;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.speed.EngineSubject;
import dev.turnout.bench.speed.Subject;
import dev.turnout.bench.ways.DispatchProgram.Form;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatchProgramTest {
    /** What is compared with what does the same work: a form that skipped some would look fast. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 17, 64})
    void every_form_computes_the_same_on_every_engine_in_every_run(int cases) {
        for (boolean predictable : new boolean[] {false, true}) {
            Set<Integer> results = new HashSet<>();
            for (Form form : Form.values()) {
                DispatchProgram program = new DispatchProgram(form, cases, predictable);
                for (EngineRow row : EngineRow.values()) {
                    if (row.availability() instanceof EngineRow.Availability.Here here) {
                        try (Subject subject = new EngineSubject(
                                program.compile(TargetProfile.VM), here.engine(), ByteString.zeros(64))) {
                            results.add(subject.run(3));
                        }
                    }
                }
            }
            assertThat(results).as("results of the third run").hasSize(1);
        }
    }
}
