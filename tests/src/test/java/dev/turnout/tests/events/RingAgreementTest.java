package dev.turnout.tests.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.api.Machine;
import dev.turnout.api.ProgramEvents;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random sequences of writes and takes, on a ring of this machine and on one of the running kernel: the same records, in the same order. */
class RingAgreementTest {
    private static final List<String> PROGRAMS = List.of("reserve", "output");
    private static final int STEPS = 400;

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void a_ring_gives_what_the_kernel_s_gives(String engine) throws IOException, InterruptedException {
        for (int seed = 0; seed < 5; seed++) {
            agree(engine, new Random(seed));
        }
    }

    private static void agree(String engine, Random random) throws IOException, InterruptedException {
        Diagnostics diagnostics = new Diagnostics();
        try (Machine machine = Producers.load(engine, 1);
                KernelObject kernel = new KernelObject()) {
            List<KernelProgram> theirs = new ArrayList<>();
            for (String name : PROGRAMS) {
                theirs.add(ProgramLoader.load(Producers.object(), name, diagnostics)
                        .flatMap(program -> kernel.load(program, diagnostics))
                        .orElseThrow(() -> new AssertionError(diagnostics.all())));
            }
            KernelMap ring = Objects.requireNonNull(kernel.maps().get("ring"));
            ProgramEvents events = machine.events("ring");
            for (int step = 0; step < STEPS; step++) {
                int program = random.nextInt(PROGRAMS.size());
                int producer = random.nextInt(Producers.MOST);
                machine.program(PROGRAMS.get(program)).run(Producers.packet(producer));
                theirs.get(program)
                        .run(ByteString.copyOf(Producers.packet(producer).toArray(ValueLayout.JAVA_BYTE)), 1);
                for (int takes = random.nextInt(step / 100 % 2 == 0 ? 40 : 140); takes > 0; takes--) {
                    Optional<ByteString> ours = events.take(Duration.ZERO).map(ByteString::copyOf);
                    assertThat(ours).isEqualTo(ring.takeRecord());
                }
            }
            List<ByteString> left = new ArrayList<>();
            events.drain(record -> left.add(ByteString.copyOf(record.toArray(ValueLayout.JAVA_BYTE))));
            assertThat(left).isEqualTo(ring.records());
            assertThat(events.lost()).isPositive();
        }
    }
}
