package dev.turnout.tests.events;

import dev.turnout.api.LoadSettings;
import dev.turnout.api.Machine;
import dev.turnout.api.Turnout;
import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** The programs of {@code producers.c}. Each run writes some records of the producer that the packet's first byte names. */
final class Producers {
    /** Producers that there are numbers for. */
    static final int MOST = 8;
    /** Records that a run tries to write. */
    static final int BATCH = 64;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Producers() {}

    /** A record, which says itself whether it is whole. */
    record Numbered(int producer, long number, boolean whole) {
        static Numbered of(MemorySegment record) {
            int producer = record.get(INT, 0);
            long number = record.get(LONG, 8);
            boolean whole = record.byteSize() == 16 && record.get(INT, 4) == ((int) number * 0x9e3779b1 ^ producer);
            return new Numbered(producer, number, whole);
        }
    }

    static Machine load(String engine, int slots) throws IOException {
        return Turnout.load(
                Turnout.read(bytes()),
                LoadSettings.standard().withEngine(engine).withSlots(slots));
    }

    static BpfObject object() throws IOException {
        return ElfReader.read(ByteString.copyOf(bytes()), Policy.LINUX, new Diagnostics())
                .orElseThrow();
    }

    private static byte[] bytes() throws IOException {
        try (InputStream in = Producers.class.getResourceAsStream("/events/producers.o")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    static MemorySegment packet(int producer) {
        byte[] bytes = new byte[64];
        bytes[0] = (byte) producer;
        return MemorySegment.ofArray(bytes);
    }

    /** What a producer says: the number of its next record, and how many it could not write. */
    static long[] state(Machine machine, int producer) {
        byte[] value =
                machine.map("states").get(new byte[] {(byte) producer, 0, 0, 0}).orElseThrow();
        ByteBuffer words = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        return new long[] {words.getLong(), words.getLong()};
    }
}
