package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.number;
import static dev.turnout.runtime.map.Maps.u32;
import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueueMapTest {
    private static final ByteString NO_KEY = ByteString.zeros(0);

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"QUEUE", "STACK"})
    void a_random_history_is_that_of_a_plain_deque(MapKind kind) {
        Random random = new Random(3);
        Deque<Long> model = new ArrayDeque<>();
        int room = 7;
        try (BpfMap map = Maps.of(kind, 0, 8, room)) {
            for (int step = 0; step < 20_000; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        int expected = model.size() < room ? 0 : -Errno.E2BIG;
                        if (expected == 0) {
                            model.addLast((long) step);
                        }
                        assertThat(map.push(u64(step), BpfMap.ANY)).isEqualTo(expected);
                    }
                    case 2 -> {
                        if (model.size() == room) {
                            model.removeFirst();
                        }
                        model.addLast((long) step);
                        assertThat(map.push(u64(step), BpfMap.EXIST)).isZero();
                    }
                    case 3, 4 -> {
                        Long expected = kind == MapKind.QUEUE ? model.pollFirst() : model.pollLast();
                        assertThat(map.take(NO_KEY, BpfMap.ANY)).isEqualTo(result(expected));
                    }
                    case 5 -> {
                        Long expected = kind == MapKind.QUEUE ? model.peekFirst() : model.peekLast();
                        assertThat(map.find(NO_KEY, BpfMap.ANY)).isEqualTo(result(expected));
                    }
                    default -> throw new AssertionError();
                }
            }
            List<Long> left = new ArrayList<>(kind == MapKind.QUEUE ? model : model.reversed());
            assertThat(map.entries().stream().map(entry -> number(entry.values().getFirst())))
                    .isEqualTo(left);
        }
    }

    private static MapResult result(Long expected) {
        return expected == null ? MapResult.failed(-Errno.ENOENT) : MapResult.of(u64(expected));
    }

    @Test
    void what_a_queue_lacks_is_an_error() {
        try (BpfMap map = Maps.of(MapKind.QUEUE, 0, 4, 2)) {
            assertThat(map.push(u32(1), BpfMap.NO_EXIST)).isEqualTo(-Errno.EINVAL);
            assertThat(map.push(u32(1), 3)).isEqualTo(-Errno.EINVAL);
            assertThat(map.push(u32(1), 4)).isEqualTo(-Errno.EINVAL);
            assertThat(map.remove(NO_KEY)).isEqualTo(-Errno.EINVAL);
            assertThat(map.nextKey(Optional.empty()).error()).isEqualTo(-Errno.EINVAL);
            assertThat(map.find(NO_KEY, BpfMap.ANY).error()).isEqualTo(-Errno.ENOENT);
            assertThat(map.take(NO_KEY, BpfMap.LOCK).error()).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void a_program_that_pops_nothing_finds_zeros() {
        try (BpfMap map = Maps.of(MapKind.STACK, 0, 8, 2);
                Arena arena = Arena.ofConfined()) {
            long value = arena.allocate(8, 8).address();
            Memory.storeLong(value, -1);
            assertThat(map.pop(value)).isEqualTo(-Errno.ENOENT);
            assertThat(Memory.loadLong(value)).isZero();
        }
    }

    /** Whatever was pushed is popped once, and from a queue in the order in which its thread pushed it. */
    @Test
    void nothing_is_lost_and_nothing_comes_twice() throws InterruptedException {
        int each = 20_000;
        int pushers = 2;
        try (BpfMap map = Maps.of(MapKind.QUEUE, 0, 8, 16)) {
            AtomicIntegerArray seen = new AtomicIntegerArray(pushers * each);
            AtomicIntegerArray disorder = new AtomicIntegerArray(1);
            List<Thread> threads = new ArrayList<>();
            for (int pusher = 0; pusher < pushers; pusher++) {
                int first = pusher * each;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < each; i++) {
                        while (map.push(u64(first + i), BpfMap.ANY) != 0) {
                            Thread.onSpinWait();
                        }
                    }
                }));
            }
            threads.add(Thread.ofPlatform().start(() -> {
                long[] last = {-1, each - 1};
                for (int i = 0; i < pushers * each; ) {
                    MapResult next = map.take(NO_KEY, BpfMap.ANY);
                    if (next.found()) {
                        long value = number(next.values().getFirst());
                        int pusher = (int) value / each;
                        disorder.addAndGet(0, value > last[pusher] ? 0 : 1);
                        last[pusher] = value;
                        seen.incrementAndGet((int) value);
                        i++;
                    }
                }
            }));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(disorder.get(0)).isZero();
            for (int i = 0; i < pushers * each; i++) {
                assertThat(seen.get(i)).isOne();
            }
        }
    }
}
