package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.runtime.map.Datum;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {
    /** The first byte of a packet says which way it goes. */
    private static final String TEXT = """
            license "GPL";
            map ports: devmap<u32>(8);
            map far: devmap_hash<u32>(8);
            map cpus: cpumap<u32>(8);
            prog xdp p(ctx: *XdpCtx) -> XdpAction fails XDP_ABORTED {
                var pkt = ctx.cursor();
                let way = pkt.u8_at(0)?;
                if (way < 8) { return redirect(ports, u32(way), XDP_DROP); }
                if (way < 16) { return redirect(far, 100000, XDP_TX); }
                if (way < 24) { return redirect(cpus, u32(way) - 16, XDP_PASS); }
                return XDP_REDIRECT;
            }
            """;

    private static MemorySegment packet(int way) {
        byte[] frame = new byte[60];
        frame[0] = (byte) way;
        return MemorySegment.ofArray(frame);
    }

    private static Datum.Fields way(String map, long key, long target) {
        return new Datum.Fields(Map.of("map", new Datum.Text(map), "key", Datum.of(key), "target", Datum.of(target)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void a_run_says_where_its_packet_goes(String engine) {
        try (Machine machine = Turnout.load(
                Turnout.compile("ways.turn", TEXT), LoadSettings.standard().withEngine(engine))) {
            machine.map("ports").typed(int.class, int.class).put(3, 77);
            machine.map("far").typed(int.class, int.class).put(100_000, 5);
            machine.map("cpus").typed(int.class, int.class).put(2, 64);
            Program program = machine.program("p");
            RunResult hit = program.run(packet(3));
            assertThat(hit.verdict()).isEqualTo("XDP_REDIRECT");
            assertThat(hit.redirect()).isEqualTo(way("ports", 3, 77));
            assertThat(program.run(packet(8)).redirect()).isEqualTo(way("far", 100_000, 5));
            assertThat(program.run(packet(18)).redirect()).isEqualTo(way("cpus", 2, 2));
            RunResult miss = program.run(packet(4));
            assertThat(miss.verdict()).isEqualTo("XDP_DROP");
            assertThat(miss.redirect().fields()).isEmpty();
            // It asks, and said nothing of where to; the run before is forgotten.
            assertThat(program.run(packet(30)).redirect().fields()).isEmpty();
            BatchResult batch = program.runAll(List.of(packet(3), packet(4), packet(3), packet(18)), 2);
            assertThat(batch.redirects()).hasSize(2);
            assertThat(((Datum.Fields) batch.redirects().getFirst()).fields())
                    .containsEntry("packets", Datum.of(2))
                    .containsEntry("target", Datum.of(77));
        }
    }

    @Test
    void entries_are_replaced_and_removed_while_they_are_used() throws InterruptedException {
        try (Machine machine = Turnout.load(Turnout.compile("ways.turn", TEXT))) {
            TypedMap<Integer, Integer> ports = machine.map("ports").typed(int.class, int.class);
            Thread changes = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 2000; i++) {
                    if (i % 3 == 0) {
                        ports.remove(1);
                    } else {
                        ports.put(1, 1 + i % 2);
                    }
                }
            });
            Program program = machine.program("p");
            do {
                RunResult result = program.run(packet(1));
                if (result.verdict().equals("XDP_REDIRECT")) {
                    assertThat(result.redirect()).isIn(way("ports", 1, 1), way("ports", 1, 2));
                } else {
                    assertThat(result.verdict()).isEqualTo("XDP_DROP");
                }
            } while (changes.isAlive());
            changes.join();
        }
    }
}
