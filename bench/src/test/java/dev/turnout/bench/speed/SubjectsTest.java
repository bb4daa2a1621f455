package dev.turnout.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.driver.load.EngineRow;
import java.io.IOException;
import java.nio.file.Path;
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
        long[] runs = new long[1];
        Subject spins = new Subject() {
            @Override
            public int run(long times) {
                long sum = 0;
                for (long i = 0; i < times * 1_000; i++) {
                    sum += i ^ (sum << 1);
                }
                runs[0] += times;
                return (int) sum;
            }

            @Override
            public void close() {}
        };
        Sampling.Time time = new Sampling(3, 1e6).time(spins);
        assertThat(time.median()).isGreaterThanOrEqualTo(time.least()).isPositive();
        assertThat(runs[0] * time.least()).isGreaterThan(1e6);
        assertThat(time.without(time).median()).isEqualTo(0.1);
    }
}
