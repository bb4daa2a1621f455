package dev.turnout.tests.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every program of the repository that a Linux target can express, in the running kernel: it loads, and it does what it does on engines of
 * ours, step by step of its tests and packet by packet of a capture. What the kernel is not asked about has one of the reasons of {@link
 * Omission}; they are counted. The steps that the verifier took go to {@code target/kernel-steps.tsv}.
 */
class KernelAgreementTest {
    /** One in so many frames of the capture goes through the programs: more of them through the examples. */
    private static final int STEP = 29;

    private static final int STEP_OF_EXAMPLES = 4;

    private static final List<TargetProfile> TARGETS =
            List.of(TargetProfile.LINUX_6_1, TargetProfile.LINUX_6_12, TargetProfile.LINUX_6_19);

    private static final Map<String, Integer> OMISSIONS = new ConcurrentSkipListMap<>();
    private static final Map<String, Integer> STEPS = new ConcurrentSkipListMap<>();

    private final KnownRefusals refused;

    KernelAgreementTest() throws IOException {
        refused = KnownRefusals.read();
    }

    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        List<ByteString> frames = Capture.every(STEP);
        List<ByteString> more = Capture.every(STEP_OF_EXAMPLES);
        return Subject.all().stream()
                .map(subject -> DynamicTest.dynamicTest(
                        subject.name(), () -> check(subject, subject.name().startsWith("examples/") ? more : frames)));
    }

    @AfterAll
    static void report() throws IOException {
        StringBuilder steps = new StringBuilder();
        STEPS.forEach((program, count) ->
                steps.append(program).append('\t').append(count).append('\n'));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "kernel-steps.tsv"), steps);
        OMISSIONS.forEach((reason, count) -> System.out.println("the kernel was not asked: " + count + " x " + reason));
    }

    private void check(Subject subject, List<ByteString> frames) {
        Diagnostics permission = new Diagnostics();
        if (!KernelObject.permitted(permission)) {
            Assumptions.abort(permission.all().getFirst().message());
        }
        List<String> failures = new ArrayList<>();
        if (subject.hasPrograms()) {
            TARGETS.forEach(target -> check(subject, target, frames, failures));
        }
        assertThat(failures)
                .withFailMessage(() -> String.join("\n\n", failures))
                .isEmpty();
    }

    private void check(Subject subject, TargetProfile target, List<ByteString> frames, List<String> failures) {
        Compilation compilation = subject.compile(target);
        if (compilation.generated().isEmpty()) {
            compilation.diagnostics().all().stream()
                    .map(one -> "the target lacks what the program demands: " + one.code())
                    .distinct()
                    .forEach(reason -> omit(reason, failures));
            return;
        }
        KernelLoad load = KernelLoad.of(compilation.generated().get().object());
        load.steps()
                .forEach((program, count) ->
                        STEPS.merge(subject.name() + "\t" + program + "\t" + target.word(), count, Integer::max));
        boolean known = refused.contains(subject, target);
        if (known && load.refusals().isEmpty()) {
            System.out.println(subject.name() + " loads, with code for " + target.word()
                    + ": take it out of tests/kernel/refused.tsv");
        }
        if (known && !load.refusals().isEmpty()) {
            omit("is known to be refused, with code for " + target.word(), failures);
            return;
        }
        if (!load.refusals().isEmpty()) {
            RunningLinux.tooOldFor(target)
                    .ifPresentOrElse(
                            reason -> omit(reason, failures),
                            () -> failures.add(
                                    "code for " + target.word() + ":\n" + String.join("\n", load.refusals())));
            return;
        }
        Journals kernel = Journals.inKernel(compilation, frames);
        Set<String> reasons = new TreeSet<>();
        kernel.results().forEach(result -> judge(target, result, reasons, failures));
        kernel.cases().values().forEach(journal -> journal.stopped().ifPresent(reasons::add));
        reasons.forEach(reason -> omit(reason, failures));
        for (EngineRow row : EngineRow.values()) {
            if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                Journals ours = Journals.inAnyWorld(compilation, Loader.linux(engine), frames);
                kernel.cases()
                        .forEach((name, theirs) -> Optional.ofNullable(
                                        ours.cases().get(name))
                                .flatMap(mine -> Journal.difference(
                                        mine, engine.name() + ", " + target.word(), theirs, "the kernel"))
                                .ifPresent(failures::add));
            }
        }
    }

    private static void judge(
            TargetProfile target, TestRunner.Result result, Set<String> reasons, List<String> failures) {
        switch (result.ending()) {
            case TestRunner.Ending.Passed _ -> {}
            case TestRunner.Ending.Skipped(String reason) -> reasons.add(reason);
            case TestRunner.Ending.Failed(List<Diagnostic> why) -> {
                Diagnostics told = new Diagnostics();
                why.forEach(told::report);
                failures.add("code for " + target.word() + ":\n" + new TerminalRenderer(false).render(told));
            }
        }
    }

    private static void omit(String reason, List<String> failures) {
        if (Omission.of(reason).isEmpty()) {
            failures.add("no reason to leave a program out: " + reason);
        }
        OMISSIONS.merge(reason, 1, Integer::sum);
    }
}
