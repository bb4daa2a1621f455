package dev.turnout.tests.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kernelfunctions.c}: each of its programs calls kernel functions and writes down what they gave. The interpreter, compiled
 * code and the running kernel must have written the same.
 */
class KernelFunctionTest {
    private static final String OUT = "out";
    private static final int ENTRIES = 48;

    private static BpfObject object() throws IOException {
        try (InputStream in = KernelFunctionTest.class.getResourceAsStream("/events/kernelfunctions.o")) {
            ByteString bytes = ByteString.copyOf(Objects.requireNonNull(in).readAllBytes());
            return ElfReader.read(bytes, Policy.LINUX, new Diagnostics()).orElseThrow();
        }
    }

    /** An Ethernet frame with an IPv4 header and UDP in it. */
    private static ByteString packet() {
        byte[] bytes = new byte[42];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        bytes[12] = 8;
        bytes[13] = 0;
        bytes[14] = 0x45;
        bytes[23] = 17;
        return ByteString.copyOf(bytes);
    }

    private static List<ByteString> here(String name, String engine) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        Engine row = EngineRow.named(engine, diagnostics)
                .map(EngineRow::availability)
                .map(one -> ((EngineRow.Availability.Here) one).engine())
                .orElseThrow();
        BpfObject object = object();
        var program = ProgramLoader.load(object, name, diagnostics).orElseThrow();
        try (LoadedObject loaded = LoadedObject.of(
                        object,
                        List.of(program),
                        Loader.linux(row),
                        Machine.create(new ScriptedWorld(), 1),
                        diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()))) {
            assertThat(new Batch(new PacketFeed(false), 1, 1_000_000)
                            .run(
                                    Objects.requireNonNull(loaded.programs().get(name)),
                                    List.of(new Input.Packet(packet())),
                                    diagnostics))
                    .isPresent();
            BpfMap out = Objects.requireNonNull(loaded.machine().maps().get(OUT));
            return out.entries().stream()
                    .map(MapEntry::values)
                    .map(List::getFirst)
                    .toList();
        }
    }

    private static List<ByteString> inKernel(String name) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        try (KernelObject kernel = new KernelObject()) {
            var program = ProgramLoader.load(object(), name, diagnostics)
                    .flatMap(one -> kernel.load(one, diagnostics))
                    .orElseThrow(() -> new AssertionError(diagnostics.all()));
            program.run(packet(), 1);
            var out = Objects.requireNonNull(kernel.maps().get(OUT));
            return IntStream.range(0, ENTRIES)
                    .mapToObj(i -> out.read(ByteString.copyOf(new byte[] {(byte) i, 0, 0, 0})))
                    .map(List::getFirst)
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"frame", "buffer", "control_group", "filter", "iterators", "texts", "memories", "probes"})
    void every_engine_and_the_kernel_give_the_same(String program) throws IOException {
        List<ByteString> interpreted = here(program, "interp");
        assertThat(interpreted).hasSize(ENTRIES).anyMatch(value -> !value.equals(ByteString.zeros(8)));
        assertThat(here(program, "direct")).isEqualTo(interpreted);
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
        assertThat(inKernel(program)).isEqualTo(interpreted);
    }
}
