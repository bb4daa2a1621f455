package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.pass.Pipeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Programs of the repository, run in the evaluator with all passes done. */
class WholeProgramsTest {
    private static Source read(String path) throws IOException {
        return Source.of(Files.readString(Path.of(path)));
    }

    @Test
    void theFirewallGivesTheVerdictsThatItsRulesSay() throws IOException {
        Source source = read("../examples/firewall.turn");
        Module module = Pipeline.run(source.proven, true);
        ByteBuffer capture = ByteBuffer.wrap(Files.readAllBytes(Path.of("../examples/data/mixed.pcap")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int[] verdicts = new int[5];
        for (int at = 24; at < capture.limit(); at += 16 + capture.getInt(at + 8)) {
            World world = new World(module);
            world.preset("policy", new byte[] {0, 23, 6, 0}, new byte[] {1});
            world.preset("policy", new byte[] {0, (byte) 161, 17, 0}, new byte[] {1});
            world.preset("policy", new byte[] {0x20, (byte) 0xfb, 6, 0}, new byte[] {2});
            int[] packet = new int[capture.getInt(at + 8)];
            for (int i = 0; i < packet.length; i++) {
                packet[i] = capture.get(at + 16 + i);
            }
            world.packet(packet);
            verdicts[(int) new Evaluator(module, world, 10_000).run("firewall", 1)]++;
        }
        assertThat(verdicts).containsExactly(0, 290, 1403, 0, 0);
    }

    @Test
    void theFirewallsOwnTestHolds() throws IOException {
        Source source = read("../examples/firewall.turn");
        source.run("test.0");
        assertThat(source.world.calls).contains("expect");
        assertThat(source.world.failedChecks).isEmpty();
    }

    @Test
    void checksumsOfAFrameAreThoseOfTheLibrary() throws IOException {
        Source source = read("../bench/workloads/crc32.turn");
        int[] packet = new int[1408];
        byte[] bytes = new byte[packet.length];
        for (int i = 0; i < packet.length; i++) {
            packet[i] = i * 7 & 0xff;
            bytes[i] = (byte) packet[i];
        }
        CRC32 expected = new CRC32();
        expected.update(bytes);
        source.in(world -> world.packet(packet)).run("entry", 1);
        long result = source.world.addressOf(dev.turnout.ir.model.Region.GLOBAL, "result");
        assertThat(source.world.load(result, 4)).isEqualTo(expected.getValue());
    }

    @Test
    void tagsTablesAndFallingThroughWorkTogether() throws IOException {
        Source source = read("src/test/resources/programs/fragments.turn");
        assertThat(source.errors()).isEmpty();
        int[] key = {11, 22, 33, 44, 0, 0, 0, 0, 0, 0, 0, 0};
        World probe = new World(source.proven);
        probe.packet(key);
        assertThat(source.in(world -> world.packet(key)).run("tail_mix", probe.packetAddress(), 3, 5))
                .isEqualTo(5 + (33 << 16) + (22 << 8) + 11);
    }
}
