package dev.turnout.runtime.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PcapReaderTest {
    private static byte[] capture(ByteOrder order, int magic, byte[]... frames) {
        ByteBuffer out = ByteBuffer.allocate(4096).order(order);
        out.putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(1);
        for (byte[] frame : frames) {
            out.putInt(1)
                    .putInt(2)
                    .putInt(frame.length)
                    .putInt(frame.length + 9)
                    .put(frame);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void all_four_magic_numbers_are_read() {
        byte[] frame = {1, 2, 3};
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int magic : new int[] {0xa1b2c3d4, 0xa1b23c4d}) {
                Optional<List<ByteString>> frames =
                        PcapReader.read("x", capture(order, magic, frame), new Diagnostics());
                assertThat(frames.orElseThrow()).containsExactly(ByteString.copyOf(frame));
            }
        }
    }

    @Test
    void a_capture_cut_anywhere_is_whole_or_reported() {
        byte[] whole = capture(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, new byte[20], new byte[7]);
        int read = 0;
        for (int length = 0; length < whole.length; length++) {
            Diagnostics diagnostics = new Diagnostics();
            Optional<List<ByteString>> frames = PcapReader.read("x", Arrays.copyOf(whole, length), diagnostics);
            assertThat(frames.isPresent()).isEqualTo(!diagnostics.hasErrors());
            read += frames.isPresent() ? 1 : 0;
        }
        // The header alone, and the header with the first frame.
        assertThat(read).isEqualTo(2);
    }

    @Test
    void a_cut_capture_says_how_much_of_it_is_whole() {
        byte[] whole = capture(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, new byte[20], new byte[7]);
        Diagnostics diagnostics = new Diagnostics();
        PcapReader.read("x.pcap", Arrays.copyOf(whole, whole.length - 3), diagnostics);
        assertThat(diagnostics.all().getFirst().code()).isEqualTo(DiagnosticCode.R0106);
        assertThat(diagnostics.all().getFirst().message())
                .isEqualTo(
                        "`x.pcap` is cut short: it ends after 1 frames, inside the next, of whose 7 bytes 4 are there");
    }

    @Test
    void other_formats_are_named() {
        assertThat(code(new byte[] {0x0a, 0x0d, 0x0d, 0x0a, 0, 0})).isEqualTo(DiagnosticCode.R0107);
        assertThat(code("hello world".getBytes(StandardCharsets.UTF_8))).isEqualTo(DiagnosticCode.R0105);
        byte[] wireless = capture(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4);
        wireless[20] = 105;
        assertThat(code(wireless)).isEqualTo(DiagnosticCode.R0107);
    }

    @Test
    void random_lengths_neither_throw_nor_take_memory() {
        Random random = new Random(1);
        byte[] file = capture(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, new byte[20], new byte[7]);
        for (int i = 0; i < 2000; i++) {
            byte[] broken = file.clone();
            for (int flips = 0; flips < 4; flips++) {
                broken[24 + random.nextInt(file.length - 24)] = (byte) random.nextInt();
            }
            Diagnostics diagnostics = new Diagnostics();
            assertThat(PcapReader.read("x", broken, diagnostics).isPresent()).isEqualTo(!diagnostics.hasErrors());
        }
    }

    private static DiagnosticCode code(byte[] file) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(PcapReader.read("x", file, diagnostics)).isEmpty();
        return diagnostics.all().getFirst().code();
    }
}
