package dev.turnout.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.driver.load.EngineRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {
    private static final Path CORPUS = Path.of("..", "tests", "corpus");

    @ParameterizedTest
    @EnumSource(Corpus.Shape.class)
    void engines_give_the_results_that_native_code_gave(Corpus.Shape shape) throws IOException {
        Corpus corpus = new Corpus(CORPUS);
        for (EngineRow row : EngineRow.values()) {
            if (row.availability() instanceof EngineRow.Availability.Here here) {
                for (String workload : List.of("fnv1a", "parse", "disp_switch")) {
                    BpfProgram program = corpus.program(workload, shape, List.of("v4-tables", "v3"));
                    try (Subject subject = new EngineSubject(program, here.engine(), corpus.input())) {
                        assertThat(subject.run(1))
                                .as(workload + " on " + row.word())
                                .isEqualTo(corpus.result(workload));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300, 1_000})
    void a_long_program_is_as_long_as_asked_and_no_rewriting_makes_it_shorter(int length) {
        int insns = LongProgram.proven(LongProgram.of(length))
                .program()
                .code()
                .insns()
                .size();
        assertThat(insns).isBetween(length, length + 9);
    }

    @Test
    void a_sample_lasts_as_long_as_asked_and_counts_a_run() {
        long[] clock = new long[1];
        List<Long> asked = new ArrayList<>();
        Subject takesThirtyOnceAndTenEachTime = new Subject() {
            @Override
            public int run(long times) {
                asked.add(times);
                clock[0] += 30 + times * 10;
                return 0;
            }

            @Override
            public void close() {}
        };
        Sampling.Time time = new Sampling(3, 1_000, () -> clock[0]).time(takesThirtyOnceAndTenEachTime);
        // 8 times until a tenth of the time is reached (110 of 1,000), then twice, so as not to overshoot by much.
        assertThat(asked).containsExactly(1L, 8L, 16L, 32L, 64L, 128L, 128L, 128L, 128L);
        assertThat(time.median()).isEqualTo((30 + 1_280) / 128.0).isEqualTo(time.least());
        assertThat(time.without(time).median()).isEqualTo(0.1);
    }
}
