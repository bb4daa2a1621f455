package dev.turnout.tests.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A share of what {@code tests/flood-events} does. */
class EventFloodTest {
    @ParameterizedTest
    @CsvSource({
        "direct, reserve, ring, 400000",
        "direct, output, ring, 400000",
        "direct, perf_output, perf, 400000",
        "interp, reserve, ring, 40000",
        "interp, perf_output, perf, 40000"
    })
    void nothing_is_lost_that_is_not_reported_and_each_producer_keeps_its_order(
            String engine, String program, String map, long records) throws IOException, InterruptedException {
        assertThat(EventFlood.flood(engine, program, map, records)).contains(" taken, ");
    }
}
