package dev.turnout.bench.maps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.speed.EngineSubject;
import dev.turnout.bench.speed.Subject;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row compiles for both targets, is verified and runs to its end; what it costs is for the bench. */
class MapWorkTest {
    private static final int XDP_PASS = 2;

    private static Stream<MapWork> all() {
        return MapWork.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void an_operation_runs(MapWork work) {
        try (Subject subject =
                new EngineSubject(work.compile(TargetProfile.VM), new Interpreter(), ByteString.zeros(64))) {
            assertThat(subject.run(3)).isEqualTo(XDP_PASS);
        }
        assertThat(work.compile(TargetProfile.LINUX_6_12).code().size()).isPositive();
    }
}
