package dev.turnout.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the shape, there is a verdict, after so many steps at most, from a thread with little stack. */
class ShapeTest {
    private static final long STACK = 512 << 10;

    @ParameterizedTest
    @CsvSource({
        "STRAIGHT, 100000, accepted",
        "BRANCHES, 4000, accepted",
        "DIAMONDS, 500, V0132",
        "NEST, 4, accepted",
        "SQUARE, 1000, accepted",
        "LOOPS, 200, accepted",
        "LADDER, 1000, V0110",
        "TANGLE, 200, V0110",
        "CALLS, 8, accepted",
        "DISPATCH, 64, accepted",
        "SWITCHES, 64, accepted"
    })
    void there_is_a_verdict(Shape shape, int size, String expected) throws InterruptedException {
        AtomicReference<Object> result = new AtomicReference<>("none");
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        result.set(Verifier.verify(shape.program(size), Options.exec()));
                    } catch (Throwable broken) {
                        result.set(broken);
                    }
                },
                shape.name(),
                STACK);
        thread.start();
        thread.join();
        assertThat(result.get()).isInstanceOf(Verdict.class);
        Verdict verdict = (Verdict) result.get();
        assertThat(
                        verdict instanceof Verdict.Rejected rejected
                                ? rejected.violations().getFirst().code().name()
                                : "accepted")
                .isEqualTo(expected);
        assertThat(verdict.steps()).isLessThan(Options.DEFAULT_BUDGET + 1_000_000);
    }
}
