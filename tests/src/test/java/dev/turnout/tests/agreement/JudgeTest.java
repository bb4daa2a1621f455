package dev.turnout.tests.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.tests.agreement.Judged.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
    private static final Path OBJECT = Path.of("corpus/clang22/fnv1a.xdp.v3.o");

    @TempDir
    Path folder = Path.of("");

    @Test
    void both_verdicts_stand_side_by_side() throws IOException {
        Judge judge = new Judge(_ -> new LinuxVerdict.Rejected("too many"));
        assertThat(judge.judge(OBJECT, Optional.empty()))
                .singleElement()
                .satisfies(one -> assertThat(one.category()).isEqualTo(Category.FALSE_ACCEPTS));
        assertThat(judge.judge(
                        OBJECT, Optional.of(List.of(new VerdictFile.Row("entry", "xdp", new LinuxVerdict.Accepted())))))
                .singleElement()
                .satisfies(one -> assertThat(one.category()).isEqualTo(Category.BOTH_ACCEPT));
    }

    @Test
    void an_object_that_cannot_be_read_rejects_all_its_programs() throws IOException {
        Path broken = Files.write(folder.resolve("broken.o"), new byte[] {0x7f, 'E', 'L', 'F', 9});
        assertThat(new Judge(_ -> new LinuxVerdict.Accepted())
                        .judge(
                                broken,
                                Optional.of(List.of(
                                        new VerdictFile.Row("p", "xdp", new LinuxVerdict.Accepted()),
                                        new VerdictFile.Row("q", "fentry/x", new LinuxVerdict.Rejected("no"))))))
                .extracting(Judged::category)
                .containsExactly(Category.FALSE_REJECTS, Category.BOTH_REJECT);
    }
}
