package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.u32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapField;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;
import dev.turnout.stdlib.map.MapKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values of a number, a lock, a timer and a number. */
class SpinLockedValueTest {
    private static final int LOCK = 8;
    private static final int TIMER = 16;

    private static BpfMap map(MapKind kind) {
        return Maps.of(Maps.definition(
                kind,
                4,
                40,
                4,
                0,
                0,
                new MapField(MapField.Kind.SPIN_LOCK, LOCK, 4, ""),
                new MapField(MapField.Kind.TIMER, TIMER, 16, "")));
    }

    private static ByteString value(long first, int lock, long timer, long last) {
        return ByteString.copyOf(ByteBuffer.allocate(40)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, first)
                .putInt(LOCK, lock)
                .putLong(TIMER, timer)
                .putLong(32, last)
                .array());
    }

    private static long address(BpfMap map, int key) {
        return map.address(u32(key)).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"ARRAY", "HASH"})
    void an_update_leaves_the_lock_alone_and_a_host_never_sees_it(MapKind kind) {
        try (BpfMap map = map(kind)) {
            assertThat(map.write(u32(1), value(1, 77, 88, 2), BpfMap.ANY)).isZero();
            assertThat(Memory.loadInt(address(map, 1) + LOCK)).isZero();
            Memory.storeInt(address(map, 1) + LOCK, 1);
            assertThat(map.read(u32(1))).containsExactly(value(1, 0, 0, 2));
            Memory.storeInt(address(map, 1) + LOCK, 0);
            assertThat(map.find(u32(1), BpfMap.LOCK)).isEqualTo(MapResult.of(value(1, 0, 0, 2)));
            assertThat(map.write(u32(1), value(3, 5, 6, 4), BpfMap.LOCK | BpfMap.EXIST))
                    .isZero();
            assertThat(map.read(u32(1))).containsExactly(value(3, 0, 0, 4));
            assertThat(Memory.loadInt(address(map, 1) + LOCK)).isZero();
        }
    }

    @Test
    void with_the_lock_a_value_is_written_where_it_is() {
        try (BpfMap map = map(MapKind.HASH)) {
            map.write(u32(1), value(1, 0, 0, 1), BpfMap.ANY);
            long before = address(map, 1);
            map.write(u32(1), value(2, 0, 0, 2), BpfMap.LOCK);
            assertThat(address(map, 1)).isEqualTo(before);
            map.write(u32(1), value(3, 0, 0, 3), BpfMap.ANY);
            assertThat(address(map, 1)).isNotEqualTo(before);
            assertThat(map.write(u32(1), value(4, 0, 0, 4), BpfMap.LOCK | BpfMap.NO_EXIST))
                    .isEqualTo(-Errno.EEXIST);
            assertThat(map.write(u32(2), value(4, 0, 0, 4), BpfMap.LOCK | BpfMap.EXIST))
                    .isEqualTo(-Errno.ENOENT);
            assertThat(map.write(u32(2), value(4, 0, 0, 4), BpfMap.LOCK)).isZero();
            assertThat(map.take(u32(2), BpfMap.LOCK)).isEqualTo(MapResult.of(value(4, 0, 0, 4)));
        }
    }

    @Test
    void a_timer_ends_with_its_key() {
        try (BpfMap map = map(MapKind.HASH)) {
            map.write(u32(1), value(1, 0, 0, 1), BpfMap.ANY);
            long old = address(map, 1);
            Memory.storeLong(old + TIMER, 99);
            map.remove(u32(1));
            assertThat(Memory.loadLong(old + TIMER)).isZero();
        }
    }

    @Test
    void a_map_without_a_lock_refuses_the_flag() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 40, 4)) {
            assertThat(map.write(u32(1), value(1, 0, 0, 1), BpfMap.LOCK)).isEqualTo(-Errno.EINVAL);
            assertThat(map.find(u32(1), BpfMap.LOCK).error()).isEqualTo(-Errno.EINVAL);
        }
    }

    /** Programs and hosts that hold the lock see both numbers of one update. */
    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"ARRAY", "HASH"})
    void under_the_lock_nothing_is_torn(MapKind kind) throws InterruptedException {
        try (BpfMap map = map(kind)) {
            map.write(u32(1), value(0, 0, 0, 0), BpfMap.ANY);
            long at = address(map, 1);
            AtomicInteger torn = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                long own = i;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 20_000; n++) {
                        map.write(u32(1), value(own * n, 0, 0, own * n), BpfMap.LOCK);
                    }
                }));
            }
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 20_000; n++) {
                    SpinLock.acquire(at + LOCK);
                    long first = Memory.loadLong(at);
                    Memory.storeLong(at, first + 1);
                    if (Memory.loadLong(at + 32) != first) {
                        torn.incrementAndGet();
                    }
                    Memory.storeLong(at + 32, first + 1);
                    SpinLock.release(at + LOCK);
                }
            }));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(torn).hasValue(0);
            assertThat(Memory.loadInt(at + LOCK)).isZero();
        }
    }
}
