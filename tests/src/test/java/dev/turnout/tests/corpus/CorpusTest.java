package dev.turnout.tests.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.VerifiedProgram;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.Specializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CorpusTest {
    private static final Path FOLDER = Path.of("corpus").toAbsolutePath().normalize();
    /** Every engine of ours that this machine has. */
    private static final List<Engine> ENGINES = Stream.of(EngineRow.values())
            .map(EngineRow::availability)
            .flatMap(one -> one instanceof EngineRow.Availability.Here(Engine engine) ? Stream.of(engine) : Stream.of())
            .toList();

    @TestFactory
    Stream<DynamicTest> every_object_is_accepted_and_returns_what_it_returns_natively() throws IOException {
        ByteString packet = packet();
        Map<String, List<String>> results = table("results.tsv");
        Map<String, List<String>> refused = table("refused.tsv");
        return objects().stream()
                .map(path -> DynamicTest.dynamicTest(FOLDER.relativize(path).toString(), path.toUri(), () -> {
                    BpfProgram program = load(path, packet.size());
                    List<String> refusal =
                            refused.getOrDefault(FOLDER.relativize(path).toString(), List.of());
                    switch (Verifier.verify(program, isMemory(path) ? Options.exec() : Options.linux())) {
                        case Verdict.Rejected rejected ->
                            assertThat(rejected.violations().getFirst().code().name())
                                    .as(rejected.violations().toString())
                                    .isEqualTo(refusal.isEmpty() ? "nothing: it is accepted" : refusal.getFirst());
                        case Verdict.Verified verified -> {
                            assertThat(refusal)
                                    .as("it is accepted now; its row in refused.tsv goes")
                                    .isEmpty();
                            String workload = name(path).substring(0, name(path).indexOf('.'));
                            for (Engine engine : ENGINES) {
                                assertThat(twice(engine, verified.program(), packet, isMemory(path)))
                                        .as(engine.name())
                                        .isEqualTo(results.get(workload));
                            }
                        }
                    }
                }));
    }

    @Test
    void what_is_refused_is_there() throws IOException {
        List<String> there = objects().stream()
                .map(path -> FOLDER.relativize(path).toString())
                .toList();
        assertThat(there)
                .hasSizeGreaterThan(90)
                .containsAll(table("refused.tsv").keySet());
    }

    /** What the first and the second run on one machine return, as {@code results.tsv} writes it. */
    private static List<String> twice(Engine engine, VerifiedProgram verified, ByteString packet, boolean memory) {
        Diagnostics diagnostics = new Diagnostics();
        Input input = memory ? new Input.Memory(packet) : new Input.Packet(packet);
        try (Machine machine = Machine.create(World.host(line -> {}));
                RunnableProgram program = engine.load(Specializer.specialize(verified), machine, diagnostics)
                        .orElseThrow()) {
            Batch once = new Batch(new PacketFeed(false), 1, RunnableProgram.ENDLESS);
            return Stream.of(1, 2)
                    .map(run -> once.run(program, List.of(input), diagnostics).orElseThrow())
                    .map(result -> String.format("0x%08x", memory ? result.last() : result.last() & 0xffff_ffffL))
                    .toList();
        }
    }

    private static BpfProgram load(Path path, int bytes) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object = ElfReader.read(
                        ByteString.copyOf(Files.readAllBytes(path)),
                        isMemory(path) ? Policy.RFC : Policy.LINUX,
                        diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
        return (isMemory(path)
                        ? ProgramLoader.loadFunction(object, "entry", bytes, diagnostics)
                        : ProgramLoader.load(object, "entry", diagnostics))
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
    }

    private static boolean isMemory(Path path) {
        return name(path).contains(".vm.");
    }

    private static String name(Path path) {
        return path.getName(path.getNameCount() - 1).toString();
    }

    private static List<Path> objects() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            return all.filter(path -> name(path).endsWith(".o")).sorted().toList();
        }
    }

    private static ByteString packet() throws IOException {
        return ByteString.copyOf(
                HexFormat.of().parseHex(String.join("", Files.readAllLines(FOLDER.resolve("packet.hex")))));
    }

    /** Rows by their first column; lines that begin with {@code #} are for people. */
    private static Map<String, List<String>> table(String file) throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            if (!line.startsWith("#")) {
                List<String> columns = List.of(line.split("\t"));
                rows.put(columns.getFirst(), columns.subList(1, columns.size()));
            }
        }
        return rows;
    }
}
