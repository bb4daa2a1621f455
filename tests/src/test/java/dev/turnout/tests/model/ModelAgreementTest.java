package dev.turnout.tests.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.context.PcapReader;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The large examples do what their models say, on each frame of the capture, with code for every target, on every engine. */
class ModelAgreementTest {
    private static final Path EXAMPLES = Path.of("..").resolve("examples");

    /** Of longer frames Linux shows an XDP program the first part only. */
    private static final int LONGEST = 3520;

    private static final int SHORTEST = 14;

    /** @param model a fresh one, for a capture */
    private record Modelled(String file, String program, Function<List<ByteString>, Model> model) {}

    private static final List<Modelled> ALL = List.of(
            new Modelled("dissector.turn", "dissect", _ -> new DissectorModel()),
            new Modelled("loadbalancer.turn", "balance", LoadBalancerModel::new),
            new Modelled("sandbox.turn", "dispatch", _ -> new SandboxModel()));

    @TestFactory
    Stream<DynamicTest> examples() throws IOException {
        List<ByteString> frames = capture();
        List<DynamicTest> tests = new ArrayList<>();
        for (Modelled example : ALL) {
            for (TargetProfile target : TargetProfile.values()) {
                for (EngineRow row : EngineRow.values()) {
                    switch (row.availability()) {
                        case EngineRow.Availability.Here(Engine engine) ->
                            tests.add(test(
                                    example,
                                    target,
                                    row,
                                    () -> check(
                                            example,
                                            frames,
                                            new MachineSubject(object(example, target), example.program, engine))));
                        case EngineRow.Availability.InKernel _
                        when isForKernel(target) ->
                            tests.add(test(example, target, row, () -> inKernel(example, target, frames)));
                        case EngineRow.Availability.InKernel _ -> {}
                        case EngineRow.Availability.Absent _ -> {}
                    }
                }
            }
        }
        return tests.stream();
    }

    /** Jump tables are for newer kernels than most that run this. */
    private static boolean isForKernel(TargetProfile target) {
        return target == TargetProfile.LINUX_6_1 || target == TargetProfile.LINUX_6_12;
    }

    private static DynamicTest test(
            Modelled example,
            TargetProfile target,
            EngineRow row,
            org.junit.jupiter.api.function.Executable executable) {
        return DynamicTest.dynamicTest(example.file + ", " + target.word() + ", " + row.word(), executable);
    }

    /** The frames of the capture, and some of them once more, cut somewhere in their headers. */
    private static List<ByteString> capture() throws IOException {
        Path file = EXAMPLES.resolve("data").resolve("mixed.pcap");
        List<ByteString> frames = new ArrayList<>(
                PcapReader.read(file.toString(), Files.readAllBytes(file), new Diagnostics()).orElseThrow().stream()
                        .filter(frame -> frame.size() >= SHORTEST && frame.size() <= LONGEST)
                        .toList());
        assertThat(frames).hasSizeGreaterThan(1500);
        Random random = new Random(7);
        for (ByteString frame : List.copyOf(frames)) {
            if (random.nextInt(5) == 0) {
                frames.add(frame.slice(0, random.nextInt(SHORTEST, Math.min(frame.size(), 100) + 1)));
            }
        }
        return frames;
    }

    private static BpfObject object(Modelled example, TargetProfile target) throws IOException {
        SourceFile source = new SourceFile(example.file, Files.readString(EXAMPLES.resolve(example.file)));
        Compilation compilation =
                new Compilation(source, SourceReader.none(), new CompileOptions(target, Map.of(), false, true));
        return compilation
                .generated()
                .orElseThrow(() -> new IllegalStateException(
                        compilation.diagnostics().all().toString()))
                .object();
    }

    private static void inKernel(Modelled example, TargetProfile target, List<ByteString> frames) throws IOException {
        Diagnostics reasons = new Diagnostics();
        assumeTrue(
                KernelObject.permitted(reasons), () -> reasons.all().getFirst().message());
        check(example, frames, new KernelSubject(object(example, target), example.program));
    }

    private static void check(Modelled example, List<ByteString> frames, Subject loaded) {
        try (Subject subject = loaded) {
            Model model = example.model.apply(frames);
            model.presets().forEach((map, entries) -> entries.forEach((key, value) -> subject.put(map, key, value)));
            for (int number = 0; number < frames.size(); number++) {
                ByteString frame = frames.get(number);
                Optional<Model.Answer> answer = subject.run(model.input(frame));
                assertThat(answer)
                        .as("what frame %d, %s, is answered", number, frame)
                        .contains(model.run(model.input(frame)));
            }
            model.contents()
                    .forEach((map, expected) -> assertThat(
                                    read(subject, map, model.anonymous().contains(map), expected.keySet()))
                            .as("what map %s holds", map)
                            .containsExactlyInAnyOrderEntriesOf(expected));
        }
    }

    /** Entries that are not expected matter if they are not zero: an array has them all. */
    private static Map<ByteString, ByteString> read(
            Subject subject, String map, boolean anonymous, Set<ByteString> expected) {
        Map<ByteString, ByteString> read = new HashMap<>();
        subject.entries(map).forEach((key, values) -> {
            ByteString sum = sum(values);
            if (expected.contains(key) || !sum.isZero()) {
                read.put(anonymous ? ByteString.zeros(key.size()) : key, sum);
            }
        });
        return read;
    }

    private static ByteString sum(List<ByteString> values) {
        if (values.size() == 1) {
            return values.getFirst();
        }
        ByteBuffer sums = ByteBuffer.allocate(values.getFirst().size()).order(ByteOrder.LITTLE_ENDIAN);
        for (ByteString value : values) {
            ByteBuffer one = value.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < value.size(); at += Long.BYTES) {
                sums.putLong(at, sums.getLong(at) + one.getLong(at));
            }
        }
        return ByteString.copyOf(sums.array());
    }
}
