package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapFactory;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MapsAgainstKernelTest {
    private static final int KEY = 4;
    private static final int VALUE = 6;
    private static final int ROOM = 12;
    private static final long[] FLAGS = {0, 0, 0, 1, 2, 3, 8};

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"ARRAY", "HASH"})
    void a_random_history_gives_the_same_results_and_the_same_content(MapKind kind) {
        Random random = new Random(7);
        DebugType none = new DebugType.Void();
        MapDefinition definition =
                new MapDefinition("m", kind, KEY, VALUE, ROOM, 0, none, none, new MapDefinition.Content.Empty());
        Diagnostics diagnostics = new Diagnostics();
        try (KernelObject object = new KernelObject();
                BpfMap ours = MapFactory.create(definition, 2, diagnostics).orElseThrow()) {
            assertThat(object.load(user(definition), diagnostics)).isPresent();
            KernelMap theirs = object.map("m", diagnostics).orElseThrow();
            for (int i = 0; i < 4000; i++) {
                ByteString key = ByteString.copyOf(new byte[] {(byte) random.nextInt(ROOM + 4), 0, 0, 0});
                if (random.nextInt(3) == 0) {
                    assertThat(ours.remove(key)).as("delete " + key).isEqualTo(theirs.delete(key));
                } else {
                    byte[] value = new byte[VALUE];
                    random.nextBytes(value);
                    ByteString bytes = ByteString.copyOf(value);
                    long flags = FLAGS[random.nextInt(FLAGS.length)];
                    assertThat(ours.write(key, bytes, flags))
                            .as("update " + key + " with flags " + flags)
                            .isEqualTo(theirs.update(key, List.of(bytes), flags));
                }
                assertThat(ours.read(key)).isEqualTo(theirs.read(key));
            }
            assertThat(ours.entries().stream().map(entry -> entry.key() + "=" + entry.values()))
                    .containsExactlyElementsOf(theirs.entries().stream()
                            .map(entry -> entry.key() + "=" + entry.values())
                            .toList());
        }
    }

    /** A program that names the map, which is how an object gets it. */
    private static BpfProgram user(MapDefinition map) {
        Code code = Code.of(List.of(
                new Insn.Wide(Reg.R1, WideKind.MAP_INDEX, 0, 0),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(0)),
                new Insn.Exit()));
        return new BpfProgram(
                "user",
                "xdp",
                new BpfProgram.Entry.Context(ProgramType.XDP),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange("user", 0, code.size(), true)),
                List.of(map),
                List.of(),
                List.of(),
                List.of());
    }
}
