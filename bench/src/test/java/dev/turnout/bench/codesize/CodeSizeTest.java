package dev.turnout.bench.codesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodeSizeTest {
    /** What the project promises: no more than clang. */
    private static final double MOST = 1.00;

    private static final Path FOLDER = Path.of("workloads");

    @ParameterizedTest
    @EnumSource(
            value = TargetProfile.class,
            names = {"VM", "LINUX_6_19", "LINUX_6_12"})
    void workloadsGiveTheResultOfClangsCodeInNoMoreInstructions(TargetProfile target) throws IOException {
        double inObject = 0;
        double executed = 0;
        for (String workload : CodeSize.WORKLOADS) {
            // Fails if the results differ.
            CodeSize.Comparison row = CodeSize.compare(FOLDER, workload, target);
            inObject += Math.log(row.staticRatio());
            executed += Math.log(row.executedRatio());
        }
        assertThat(Math.exp(inObject / CodeSize.WORKLOADS.size())).isBetween(0.5, MOST);
        assertThat(Math.exp(executed / CodeSize.WORKLOADS.size())).isBetween(0.5, MOST);
    }
}
