package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.number;
import static dev.turnout.runtime.map.Maps.u32;
import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashTableMapTest {
    @Test
    void keys_come_and_go() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 4)) {
            assertThat(map.read(u32(1))).isEmpty();
            assertThat(map.write(u32(1), u64(10), BpfMap.ANY)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(10));
            assertThat(map.remove(u32(1))).isZero();
            assertThat(map.remove(u32(1))).isEqualTo(-Errno.ENOENT);
            assertThat(map.read(u32(1))).isEmpty();
        }
    }

    @Test
    void flags_demand_that_a_key_is_there_or_not() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 4)) {
            assertThat(map.write(u32(1), u64(1), BpfMap.EXIST)).isEqualTo(-Errno.ENOENT);
            assertThat(map.write(u32(1), u64(1), BpfMap.NO_EXIST)).isZero();
            assertThat(map.write(u32(1), u64(2), BpfMap.NO_EXIST)).isEqualTo(-Errno.EEXIST);
            assertThat(map.write(u32(1), u64(3), 3)).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void a_full_map_takes_no_new_key_but_replaces_values() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 2)) {
            assertThat(map.write(u32(1), u64(1), BpfMap.ANY)).isZero();
            assertThat(map.write(u32(2), u64(2), BpfMap.ANY)).isZero();
            assertThat(map.write(u32(3), u64(3), BpfMap.ANY)).isEqualTo(-Errno.E2BIG);
            for (int i = 0; i < 20; i++) {
                assertThat(map.write(u32(2), u64(i), BpfMap.ANY)).isZero();
            }
            assertThat(map.remove(u32(1))).isZero();
            assertThat(map.write(u32(3), u64(3), BpfMap.ANY)).isZero();
        }
    }

    @Test
    void entries_come_in_the_order_of_their_bytes() {
        try (BpfMap map = Maps.of(MapKind.HASH, 2, 8, 16)) {
            for (int i : new int[] {5, 1, 9, 3}) {
                map.write(ByteString.copyOf(new byte[] {(byte) i, 0}), u64(i), BpfMap.ANY);
            }
            assertThat(map.entries().stream().map(entry -> number(entry.key()))).containsExactly(1L, 3L, 5L, 9L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 8, 13, 40})
    void a_random_history_is_that_of_a_plain_dictionary(int keySize) {
        Random random = new Random(keySize);
        Map<ByteString, ByteString> model = new HashMap<>();
        int room = 30;
        try (BpfMap map = Maps.of(MapKind.HASH, keySize, 5, room)) {
            for (int i = 0; i < 20_000; i++) {
                ByteString key = key(random, keySize);
                ByteString value = value(random);
                if (random.nextInt(3) == 0) {
                    int expected = model.remove(key) != null ? 0 : -Errno.ENOENT;
                    assertThat(map.remove(key)).isEqualTo(expected);
                } else if (model.containsKey(key) || model.size() < room) {
                    model.put(key, value);
                    assertThat(map.write(key, value, BpfMap.ANY)).isZero();
                } else {
                    assertThat(map.write(key, value, BpfMap.ANY)).isEqualTo(-Errno.E2BIG);
                }
                ByteString other = key(random, keySize);
                assertThat(map.read(other)).isEqualTo(model.containsKey(other) ? List.of(model.get(other)) : List.of());
            }
            assertThat(map.entries()).hasSize(model.size());
        }
    }

    private static ByteString key(Random random, int size) {
        byte[] key = new byte[size];
        key[size - 1] = (byte) random.nextInt(60);
        return ByteString.copyOf(key);
    }

    private static ByteString value(Random random) {
        byte[] value = new byte[5];
        random.nextBytes(value);
        return ByteString.copyOf(value);
    }

    @Test
    void a_per_cpu_table_gives_new_keys_zeros_on_other_cpus_and_updates_in_place() {
        try (BpfMap map = Maps.of(MapKind.PERCPU_HASH, 4, 8, 2)) {
            assertThat(map.writeSlot(u32(1), 1, u64(5), BpfMap.ANY)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(0), u64(5), u64(0));
            assertThat(map.writeSlot(u32(1), 2, u64(6), BpfMap.EXIST)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(0), u64(5), u64(6));
            assertThat(map.remove(u32(1))).isZero();
            assertThat(map.writeSlot(u32(2), 0, u64(1), BpfMap.ANY)).isZero();
            assertThat(map.read(u32(2))).containsExactly(u64(1), u64(0), u64(0));
        }
    }

    @Test
    void a_full_lru_table_forgets_what_was_not_looked_up() {
        try (BpfMap map = Maps.of(MapKind.LRU_HASH, 4, 8, 8)) {
            for (int i = 0; i < 8; i++) {
                assertThat(map.write(u32(i), u64(i), BpfMap.ANY)).isZero();
            }
            assertThat(lookup(map, 0)).isNotZero();
            for (int i = 8; i < 14; i++) {
                assertThat(map.write(u32(i), u64(i), BpfMap.ANY)).isZero();
            }
            assertThat(map.entries()).hasSize(8);
            assertThat(map.read(u32(0))).isNotEmpty();
            assertThat(map.read(u32(13))).isNotEmpty();
        }
    }

    /** As a program does it, which is a use of the key. */
    private static long lookup(BpfMap map, int key) {
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(8, 8).address();
            Memory.storeInt(at, key);
            return map.lookup(at, 0);
        }
    }

    @Test
    void an_address_is_in_a_value_only_inside_the_value_part_of_an_element() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 6, 4)) {
            map.write(u32(0), ByteString.zeros(6), BpfMap.ANY);
            // The header's unused bytes are a key of zeros.
            long value = map.lookup(map.address() + MapHeader.SIZE - 8, 0);
            assertThat(value).isNotZero();
            assertThat(map.inValue(value, 6)).isTrue();
            assertThat(map.inValue(value + 5, 1)).isTrue();
            assertThat(map.inValue(value + 6, 1)).isFalse();
            assertThat(map.inValue(value - 1, 1)).isFalse();
        }
    }

    /** Writers replace, delete and insert neighbours; a key that is only ever replaced must be found at every moment. */
    @Test
    void a_reader_never_misses_a_key_that_is_being_replaced() throws InterruptedException {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 4)) {
            map.write(u32(7), u64(0), BpfMap.ANY);
            AtomicInteger missed = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 30_000; i++) {
                    if (map.write(u32(7), u64(i), BpfMap.EXIST) != 0) {
                        refused.incrementAndGet();
                    }
                }
            }));
            for (int own = 0; own < 2; own++) {
                int key = own;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 15_000; i++) {
                        if (map.write(u32(key), u64(i), BpfMap.NO_EXIST) != 0 || map.remove(u32(key)) != 0) {
                            refused.incrementAndGet();
                        }
                    }
                }));
            }
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 30_000; i++) {
                    if (map.read(u32(7)).isEmpty()) {
                        missed.incrementAndGet();
                    }
                }
            }));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(missed).hasValue(0);
            assertThat(refused).hasValue(0);
            assertThat(map.entries()).hasSize(1);
            assertThat(map.read(u32(7))).containsExactly(u64(29_999));
        }
    }
}
