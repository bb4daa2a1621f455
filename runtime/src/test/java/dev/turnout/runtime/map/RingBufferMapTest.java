package dev.turnout.runtime.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RingBufferMapTest {
    private static final int PAGE = 4096;

    private static RingBufferMap ring(long bytes) {
        return (RingBufferMap) Maps.of(MapKind.RINGBUF, 0, 0, bytes);
    }

    private static RingBufferMap overwriting(long bytes) {
        return (RingBufferMap) Maps.of(flagged(bytes, MapFlag.RB_OVERWRITE.bit()));
    }

    private static MapDefinition flagged(long bytes, int flags) {
        return new MapDefinition(
                "m",
                MapKind.RINGBUF,
                0,
                0,
                bytes,
                flags,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty());
    }

    private static boolean made(MapDefinition definition) {
        Diagnostics diagnostics = new Diagnostics();
        var map = MapFactory.create(definition, 1, diagnostics);
        map.ifPresent(BpfMap::close);
        assertThat(diagnostics.hasErrors()).isNotEqualTo(map.isPresent());
        return map.isPresent();
    }

    /** A record whose bytes tell its number and length. */
    private static byte[] record(int number, int bytes) {
        byte[] record = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            record[i] = (byte) (number * 31 + i);
        }
        return record;
    }

    private static long write(RingBufferMap ring, byte[] bytes) {
        long at = ring.reserve(bytes.length);
        if (at != 0) {
            Memory.copyIn(bytes, at);
        }
        return at;
    }

    private static List<ByteString> take(RingBufferMap ring, int most) {
        List<ByteString> all = new ArrayList<>();
        ring.consume((at, bytes) -> all.add(ByteString.copyOf(Memory.copyOut(at, bytes))), most);
        return all;
    }

    @Test
    void sizesThatLinuxRefusesAreRefused() {
        for (long bytes : new long[] {0, 1, 4095, 2048, 3 * PAGE, 0x1_0000_0000L}) {
            assertThat(made(Maps.definition(MapKind.RINGBUF, 0, 0, bytes)))
                    .as("%d bytes", bytes)
                    .isFalse();
        }
        assertThat(made(Maps.definition(MapKind.RINGBUF, 4, 0, PAGE))).isFalse();
        assertThat(made(Maps.definition(MapKind.RINGBUF, 0, 4, PAGE))).isFalse();
        assertThat(made(flagged(PAGE, 1))).isFalse();
        assertThat(made(flagged(PAGE, MapFlag.RB_OVERWRITE.bit()))).isTrue();
        assertThat(made(Maps.definition(MapKind.RINGBUF, 0, 0, PAGE))).isTrue();
    }

    @Test
    void recordsComeInTheOrderOfTheirReservationsAndNotBeforeTheyAreFinished() {
        try (RingBufferMap ring = ring(PAGE)) {
            long first = write(ring, record(1, 5));
            long second = write(ring, record(2, 16));
            long third = write(ring, record(3, 0));
            assertThat(RingBufferMap.mapOf(first)).isEqualTo(ring.address());
            ring.commit(second, 0, false);
            assertThat(take(ring, 9)).isEmpty();
            assertThat(ring.ready()).isFalse();
            ring.commit(first, 0, false);
            assertThat(ring.ready()).isTrue();
            ring.commit(third, 0, false);
            assertThat(take(ring, 9))
                    .containsExactly(
                            ByteString.copyOf(record(1, 5)),
                            ByteString.copyOf(record(2, 16)),
                            ByteString.copyOf(record(3, 0)));
            assertThat(ring.query(0)).isZero();
            assertThat(ring.query(2)).isEqualTo(16 + 24 + 8).isEqualTo(ring.query(3));
        }
    }

    @Test
    void aFullRingRefusesAndCountsAndOneByteStaysFree() {
        try (RingBufferMap ring = ring(PAGE)) {
            assertThat(ring.query(1)).isEqualTo(PAGE);
            // All but one byte may be in use, so a record that fills it is never taken.
            assertThat(ring.reserve(PAGE - 8)).isZero();
            assertThat(ring.reserve(PAGE)).isZero();
            assertThat(ring.reserve(-1)).isZero();
            assertThat(ring.lost()).isEqualTo(3);
            long at = ring.reserve(PAGE - 16);
            assertThat(at).isNotZero();
            ring.commit(at, 0, true);
            assertThat(ring.query(0)).isEqualTo(PAGE - 8);
            // Room comes back when the consumer has passed what was discarded, not before.
            assertThat(ring.reserve(8)).isZero();
            assertThat(take(ring, 1)).isEmpty();
            assertThat(ring.reserve(8)).isNotZero();
            assertThat(ring.query(17)).isZero();
            assertThat(ring.query(-1)).isZero();
        }
    }

    @Test
    void aRecordOverTheEndIsContiguous() {
        try (RingBufferMap ring = ring(PAGE)) {
            for (int i = 0; i < 50; i++) {
                byte[] bytes = record(i, 1000 + i);
                ring.commit(write(ring, bytes), 0, false);
                assertThat(take(ring, 1)).containsExactly(ByteString.copyOf(bytes));
            }
        }
    }

    @Test
    void whatIsShownStays() {
        try (RingBufferMap ring = ring(PAGE)) {
            ring.commit(write(ring, record(1, 4)), 0, false);
            ring.commit(write(ring, record(2, 4)), 0, true);
            ring.commit(write(ring, record(3, 4)), 0, false);
            write(ring, record(4, 4));
            List<Integer> shown = new ArrayList<>();
            ring.show((at, bytes) -> shown.add(Memory.loadByte(at) & 0xff));
            assertThat(shown).containsExactly(31, 93);
            assertThat(take(ring, 9)).hasSize(2);
        }
    }

    @Test
    void aUseThatThrowsLosesItsRecordAloneAndCannotConsumeItself() {
        try (RingBufferMap ring = ring(PAGE)) {
            ring.commit(write(ring, record(1, 4)), 0, false);
            ring.commit(write(ring, record(2, 4)), 0, false);
            assertThatThrownBy(() -> ring.consume((_, _) -> take(ring, 1), 1))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(take(ring, 9)).containsExactly(ByteString.copyOf(record(2, 4)));
        }
    }

    @Test
    void anOverwritingRingKeepsTheNewest() {
        try (RingBufferMap ring = overwriting(PAGE)) {
            for (int i = 0; i < 100; i++) {
                ring.commit(write(ring, record(i, 120)), 0, false);
            }
            List<ByteString> left = take(ring, 1000);
            assertThat(ring.lost()).isZero();
            assertThat(left).hasSize(31).endsWith(ByteString.copyOf(record(99, 120)));
            assertThat(ring.query(4)).isEqualTo(69 * 128);
            // What is still being written cannot be overwritten.
            long busy = write(ring, record(1, 120));
            for (int i = 0; i < 30; i++) {
                ring.commit(write(ring, record(i, 120)), 0, false);
            }
            assertThat(ring.reserve(120)).isZero();
            ring.commit(busy, 0, false);
            assertThat(ring.reserve(120)).isNotZero();
        }
    }

    /** Random operations against a list: what is in the ring, and how many bytes of it are taken. */
    @Test
    void aRingDoesWhatAPlainQueueDoes() {
        record Open(long at, ByteString bytes, AtomicInteger state) {}
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            try (RingBufferMap ring = ring(PAGE << random.nextInt(2))) {
                Deque<Open> queue = new ArrayDeque<>();
                List<Open> open = new ArrayList<>();
                long used = 0;
                long lost = 0;
                for (int step = 0; step < 3000; step++) {
                    switch (random.nextInt(4)) {
                        case 0, 1 -> {
                            byte[] bytes = record(step, random.nextInt(random.nextBoolean() ? 30 : 1500));
                            long room = (bytes.length + 15L) & -8;
                            long at = write(ring, bytes);
                            assertThat(at != 0).isEqualTo(used + room < ring.query(1));
                            if (at != 0) {
                                Open one = new Open(at, ByteString.copyOf(bytes), new AtomicInteger());
                                queue.add(one);
                                open.add(one);
                                used += room;
                            } else {
                                lost++;
                            }
                        }
                        case 2 -> {
                            if (!open.isEmpty()) {
                                Open one = open.remove(random.nextInt(open.size()));
                                boolean discarded = random.nextInt(4) == 0;
                                ring.commit(one.at(), random.nextInt(3), discarded);
                                one.state().set(discarded ? 2 : 1);
                            }
                        }
                        default -> {
                            int most = random.nextInt(4);
                            List<ByteString> expected = new ArrayList<>();
                            while (expected.size() < most
                                    && !queue.isEmpty()
                                    && queue.getFirst().state().get() != 0) {
                                Open one = queue.removeFirst();
                                used -= (one.bytes().size() + 15L) & -8;
                                if (one.state().get() == 1) {
                                    expected.add(one.bytes());
                                }
                            }
                            assertThat(take(ring, most)).isEqualTo(expected);
                        }
                    }
                    assertThat(ring.query(0)).isEqualTo(used);
                    assertThat(ring.lost()).isEqualTo(lost);
                }
            }
        }
    }
}
