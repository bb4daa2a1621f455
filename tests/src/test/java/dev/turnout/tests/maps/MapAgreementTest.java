package dev.turnout.tests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.map.MapKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories of each kind in the running kernel and here; {@code tests/map-agreement} goes through more of them. */
class MapAgreementTest {
    private static final int SEEDS = 40;

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    private static Stream<MapKind> kinds() {
        return MapJudgement.KINDS.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_random_history_gives_the_same_answers_and_the_same_content(MapKind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(MapAgreement.wrong(kind, seed)).isEmpty();
        }
    }
}
