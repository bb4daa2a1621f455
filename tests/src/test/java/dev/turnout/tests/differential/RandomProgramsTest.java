package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.ir.model.ByteString;
import dev.turnout.tests.random.RandomProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs run alike on every engine. {@code -Dseed=N} shows one of them, made small; more of them at once are a matter of
 * the script {@code tests/random-programs}.
 */
class RandomProgramsTest {
    private static final long PROGRAMS = 3_000;

    /** Rows that the verifier refuses in every program without a context. */
    private static final List<String> REFUSED = List.of(
            "addr_space_cast",
            "lddw map_fd",
            "lddw map_value",
            "lddw btf_id",
            "ldabs8",
            "ldind8",
            "ldabs16",
            "ldind16",
            "ldabs32",
            "ldind32",
            "call kernel");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void every_engine_gives_the_same_results_memory_and_maps() throws IOException, InterruptedException {
        Long seed = Long.getLong("seed");
        if (seed != null) {
            assertThat(RandomPrograms.explain(folder, List.of(), seed)).contains("nothing is wrong");
            return;
        }
        Survey.Report report =
                Survey.of(folder, 0, PROGRAMS, Runtime.getRuntime().availableProcessors());
        assertThat(report.findings()).as(report.tally().summary()).isEmpty();
        assertThat(report.tally().of("drawn")).isEqualTo(PROGRAMS);
        assertThat(report.tally().of("agreed")).as(report.tally().summary()).isGreaterThan(PROGRAMS * 2 / 3);
        assertThat(report.tally().missingRows()).isSubsetOf(REFUSED);
    }

    /** An engine whose results are one too high wherever a program subtracts. */
    private record Sabotaged(Way engine) implements Way {
        @Override
        public String name() {
            return "sabotaged";
        }

        @Override
        public Seen see(Trial trial, Proven proven) {
            Seen seen = engine.see(trial, proven);
            boolean subtracts = trial.program().code().insns().stream()
                    .anyMatch(insn -> insn instanceof Insn.Alu alu && alu.op() == AluOp.SUB);
            return subtracts && seen instanceof Seen.Ran(Observation observation)
                    ? new Seen.Ran(new Observation(
                            observation.endings().stream()
                                    .map(Sabotaged::spoiled)
                                    .toList(),
                            observation.maps()))
                    : seen;
        }

        private static Observation.Ending spoiled(Observation.Ending ending) {
            return ending instanceof Observation.Ending.Returned(long result, ByteString memory)
                    ? new Observation.Ending.Returned(result + 1, memory)
                    : ending;
        }
    }

    @Test
    void a_wrong_engine_is_found() {
        Examination examination = new Examination(List.of(Ways.reference(), new Sabotaged(Ways.reference())));
        assertThat(LongStream.range(0, 50)
                        .mapToObj(Trial::of)
                        .flatMap(Optional::stream)
                        .map(examination::examine))
                .anyMatch(Examination.Result.Wrong.class::isInstance)
                .anyMatch(Examination.Result.Agreed.class::isInstance);
    }

    @Test
    void a_seed_that_kills_its_process_is_named_and_the_others_are_run() throws InterruptedException {
        Survey.Report report = Survey.of(folder, List.of("-D" + Worker.DIES + "=7"), 0, 20, 1);
        assertThat(report.findings()).extracting(Survey.Finding::seed).containsExactly(7L);
        assertThat(report.tally().of("drawn")).isBetween(12L, 19L);
    }

    @Test
    void a_seed_names_one_program() {
        assertThat(RandomProgram.draw(17)).isEqualTo(RandomProgram.draw(17));
        assertThat(RandomProgram.draw(17)).isNotEqualTo(RandomProgram.draw(18));
    }
}
