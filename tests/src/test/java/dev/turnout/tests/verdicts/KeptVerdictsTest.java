package dev.turnout.tests.verdicts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each kept disagreement is still one, and on both sides for the same reason. */
class KeptVerdictsTest {
    private static final Path FILE = Path.of("verdicts/kept.data").toAbsolutePath();

    @TestFactory
    Stream<DynamicTest> we_say_what_is_kept() throws IOException {
        return KeptCase.read(FILE).stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.name(),
                        () -> assertThat(Verdicts.ours(one.program()))
                                .as(one.why())
                                .isEqualTo(one.ours())));
    }

    @TestFactory
    Stream<DynamicTest> the_kernel_says_what_is_kept() throws IOException {
        return KeptCase.read(FILE).stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> {
                    assumeTrue(Verdicts.kernelAnswers(), "this user may not load programs into this kernel");
                    Optional<String> kernel = Verdicts.kernel(one.program());
                    assumeTrue(kernel.isPresent(), "this kernel lacks something that the program needs");
                    // A newer kernel that agrees with us is what such a case waits for.
                    assumeTrue(
                            one.reason() != Reason.KERNEL_OLDER
                                    || kernel.get().equals(Verdicts.ACCEPTED)
                                            != one.ours().equals(Verdicts.ACCEPTED),
                            "this kernel is new enough to agree");
                    assertThat(kernel.get()).as(one.why()).contains(one.kernel());
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_case_prints_as_it_is_written() throws IOException {
        return KeptCase.read(FILE).stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.name(),
                        () -> assertThat(KeptCase.text(one.program())).isEqualTo(one.text())));
    }
}
