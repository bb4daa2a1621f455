package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.number;
import static dev.turnout.runtime.map.Maps.u32;
import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    @Test
    void a_key_can_be_taken_out_once() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 4)) {
            map.write(u32(1), u64(7), BpfMap.ANY);
            assertThat(map.take(u32(1), BpfMap.ANY)).isEqualTo(MapResult.of(u64(7)));
            assertThat(map.take(u32(1), BpfMap.ANY).error()).isEqualTo(-Errno.ENOENT);
            assertThat(map.take(u32(1), BpfMap.LOCK).error()).isEqualTo(-Errno.EINVAL);
            assertThat(map.take(u32(1), BpfMap.EXIST).error()).isEqualTo(-Errno.EINVAL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 50})
    void keys_follow_each_other_until_all_were_there(int count) {
        try (BpfMap map = Maps.of(MapKind.LRU_HASH, 4, 8, 64)) {
            Set<ByteString> left = new HashSet<>();
            for (int i = 0; i < count; i++) {
                map.write(u32(3 * i), u64(i), BpfMap.ANY);
                left.add(u32(3 * i));
            }
            MapResult next = map.nextKey(Optional.empty());
            while (next.found()) {
                ByteString key = next.values().getFirst();
                assertThat(left.remove(key)).isTrue();
                next = map.nextKey(Optional.of(key));
            }
            assertThat(next.error()).isEqualTo(-Errno.ENOENT);
            assertThat(left).isEmpty();
            // Behind a key that is not there comes the first.
            assertThat(map.nextKey(Optional.of(u32(1)))).isEqualTo(map.nextKey(Optional.empty()));
        }
    }

    @Test
    void hosts_write_one_cpu_or_all_at_once() {
        try (BpfMap map = Maps.of(MapKind.PERCPU_HASH, 4, 8, 2)) {
            long second = BpfMap.CPU | 2L << 32;
            assertThat(map.write(u32(1), u64(5), second)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(0), u64(0), u64(5));
            assertThat(map.find(u32(1), second)).isEqualTo(MapResult.of(u64(5)));
            assertThat(map.write(u32(1), u64(6), BpfMap.ALL_CPUS)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(6), u64(6), u64(6));
            assertThat(map.write(u32(1), List.of(u64(1), u64(2), u64(3)), BpfMap.EXIST))
                    .isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(1), u64(2), u64(3));
            assertThat(map.write(u32(1), u64(6), BpfMap.CPU | 3L << 32)).isEqualTo(-Errno.ERANGE);
            assertThat(map.write(u32(1), u64(6), BpfMap.CPU | BpfMap.ALL_CPUS)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(1), u64(6), 1L << 32)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(1), u64(6), BpfMap.LOCK)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(1), List.of(u64(1), u64(2), u64(3)), BpfMap.NO_EXIST))
                    .isEqualTo(-Errno.EEXIST);
            assertThat(map.find(u32(1), BpfMap.ALL_CPUS).error()).isEqualTo(-Errno.EINVAL);
        }
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 2)) {
            assertThat(map.write(u32(1), u64(5), BpfMap.CPU)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(1), u64(5), BpfMap.ALL_CPUS)).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void a_value_of_any_cpu_can_be_looked_up() {
        try (BpfMap map = Maps.of(MapKind.LRU_PERCPU_HASH, 4, 8, 2);
                Arena arena = Arena.ofConfined()) {
            long key = arena.allocate(8, 8).address();
            map.writeSlot(u32(0), 1, u64(9), BpfMap.ANY);
            assertThat(map.lookupOn(key, 1)).isEqualTo(map.lookup(key, 1));
            assertThat(Memory.loadLong(map.lookupOn(key, 1))).isEqualTo(9);
            assertThat(map.lookupOn(key, Maps.SLOTS)).isZero();
            assertThat(map.lookupOn(key, 0xffff_ffffL)).isZero();
        }
    }

    @Test
    void access_that_the_flags_deny_is_denied() {
        try (BpfMap map = Maps.of(Maps.definition(MapKind.HASH, 4, 8, 2, Maps.bits(MapFlag.RDONLY), 0))) {
            assertThat(map.write(u32(1), u64(1), BpfMap.ANY)).isEqualTo(-Errno.EPERM);
            assertThat(map.remove(u32(1))).isEqualTo(-Errno.EPERM);
            assertThat(map.take(u32(1), BpfMap.ANY).error()).isEqualTo(-Errno.EPERM);
            assertThat(map.find(u32(1), BpfMap.ANY).error()).isEqualTo(-Errno.ENOENT);
        }
        try (BpfMap map = Maps.of(Maps.definition(MapKind.HASH, 4, 8, 2, Maps.bits(MapFlag.WRONLY), 0))) {
            assertThat(map.write(u32(1), u64(1), BpfMap.ANY)).isZero();
            assertThat(map.find(u32(1), BpfMap.ANY).error()).isEqualTo(-Errno.EPERM);
            assertThat(map.nextKey(Optional.empty()).error()).isEqualTo(-Errno.EPERM);
        }
        try (BpfMap map = Maps.of(Maps.definition(MapKind.HASH, 4, 8, 2, Maps.bits(MapFlag.RDONLY_PROG), 0))) {
            assertThat(map.writable()).isFalse();
            assertThat(map.write(u32(1), u64(1), BpfMap.ANY)).isZero();
        }
    }

    /** What Linux with preallocated elements shows: the old bytes, until this CPU replaces the next value. */
    @Test
    void the_address_of_a_replaced_value_shows_the_old_bytes() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 4)) {
            map.write(u32(0), u64(1), BpfMap.ANY);
            map.write(u32(1), u64(2), BpfMap.ANY);
            long old = lookup(map, 0);
            map.write(u32(0), u64(3), BpfMap.ANY);
            assertThat(Memory.loadLong(old)).isEqualTo(1);
            map.remove(u32(1));
            map.write(u32(2), u64(4), BpfMap.ANY);
            assertThat(Memory.loadLong(old)).isEqualTo(1);
            map.write(u32(2), u64(5), BpfMap.ANY);
            assertThat(Memory.loadLong(old)).isEqualTo(5);
        }
    }

    @Test
    void a_walk_shows_every_element_once_and_none_that_is_gone() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 8, 100)) {
            for (int i = 0; i < 100; i++) {
                map.write(u32(i), u64(i), BpfMap.ANY);
            }
            Set<Integer> seen = new HashSet<>();
            MapWalk walk = map.walk(0, 0).orElseThrow();
            while (walk.advance()) {
                int key = Memory.loadInt(walk.key());
                assertThat(seen.add(key)).isTrue();
                assertThat(Memory.loadLong(walk.value())).isEqualTo(key);
                assertThat(map.inKey(walk.key(), 4)).isTrue();
                assertThat(map.inKey(walk.key() + 1, 4)).isFalse();
                assertThat(map.inValue(walk.value(), 8)).isTrue();
                // Its neighbour goes, and is not shown if it was not yet.
                int neighbour = key ^ 1;
                if (map.remove(u32(neighbour)) == 0 && !seen.contains(neighbour)) {
                    seen.add(neighbour);
                }
            }
            assertThat(seen).hasSize(100);
            assertThat(map.entries().size()).isLessThanOrEqualTo(50);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"LRU_HASH", "LRU_PERCPU_HASH"})
    void a_new_key_always_finds_room_in_an_lru_table(MapKind kind) throws InterruptedException {
        try (BpfMap map = Maps.of(kind, 4, 8, 3)) {
            AtomicInteger refused = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int own = 0; own < Maps.SLOTS; own++) {
                int slot = own;
                threads.add(Thread.ofPlatform().start(() -> {
                    Random random = new Random(slot);
                    for (int i = 0; i < 20_000; i++) {
                        if (map.writeSlot(u32(random.nextInt(40)), slot, u64(i), BpfMap.ANY) != 0) {
                            refused.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(refused).hasValue(0);
            assertThat(map.entries()).hasSize(3);
        }
    }
}
