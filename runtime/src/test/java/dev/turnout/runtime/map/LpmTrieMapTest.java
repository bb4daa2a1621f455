package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.number;
import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.ValueSource;

class LpmTrieMapTest {
    private static BpfMap trie(int dataBytes, long maxEntries) {
        return Maps.of(Maps.definition(MapKind.LPM_TRIE, 4 + dataBytes, 8, maxEntries, MapFlag.NO_PREALLOC.bit(), 0));
    }

    private static ByteString prefix(int length, int... bytes) {
        byte[] key = new byte[4 + bytes.length];
        key[0] = (byte) length;
        key[1] = (byte) (length >> 8);
        for (int i = 0; i < bytes.length; i++) {
            key[4 + i] = (byte) bytes[i];
        }
        return ByteString.copyOf(key);
    }

    @Test
    void the_longest_prefix_that_the_key_has_wins() {
        try (BpfMap map = trie(4, 8)) {
            map.write(prefix(16, 192, 168, 0, 0), u64(1), BpfMap.ANY);
            map.write(prefix(24, 192, 168, 0, 0), u64(2), BpfMap.ANY);
            map.write(prefix(24, 192, 168, 128, 0), u64(3), BpfMap.ANY);
            map.write(prefix(24, 192, 168, 1, 0), u64(4), BpfMap.ANY);
            assertThat(map.read(prefix(32, 192, 168, 0, 7))).containsExactly(u64(2));
            assertThat(map.read(prefix(32, 192, 168, 1, 7))).containsExactly(u64(4));
            assertThat(map.read(prefix(32, 192, 168, 2, 7))).containsExactly(u64(1));
            assertThat(map.read(prefix(32, 192, 169, 2, 7))).isEmpty();
            // A key that is itself short has no longer prefix.
            assertThat(map.read(prefix(16, 192, 168, 1, 7))).containsExactly(u64(1));
            assertThat(map.read(prefix(8, 192, 0, 0, 0))).isEmpty();
        }
    }

    @Test
    void a_prefix_of_no_bits_matches_all() {
        try (BpfMap map = trie(4, 2)) {
            assertThat(map.write(prefix(0, 9, 9, 9, 9), u64(5), BpfMap.NO_EXIST))
                    .isZero();
            assertThat(map.write(prefix(0, 1, 1, 1, 1), u64(6), BpfMap.NO_EXIST))
                    .isEqualTo(-Errno.EEXIST);
            assertThat(map.read(prefix(32, 1, 2, 3, 4))).containsExactly(u64(5));
        }
    }

    @Test
    void errors_are_those_of_linux() {
        try (BpfMap map = trie(4, 2)) {
            ByteString one = prefix(24, 10, 0, 0, 0);
            assertThat(map.write(one, u64(1), BpfMap.EXIST)).isEqualTo(-Errno.ENOENT);
            assertThat(map.write(one, u64(1), 3)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(prefix(33, 10, 0, 0, 0), u64(1), BpfMap.ANY)).isEqualTo(-Errno.EINVAL);
            assertThat(map.remove(prefix(33, 10, 0, 0, 0))).isEqualTo(-Errno.EINVAL);
            assertThat(map.read(prefix(33, 10, 0, 0, 0))).isEmpty();
            assertThat(map.remove(one)).isEqualTo(-Errno.ENOENT);
            assertThat(map.write(one, u64(1), BpfMap.NO_EXIST)).isZero();
            assertThat(map.write(one, u64(2), BpfMap.NO_EXIST)).isEqualTo(-Errno.EEXIST);
            assertThat(map.write(prefix(24, 11, 0, 0, 0), u64(2), BpfMap.ANY)).isZero();
            assertThat(map.write(prefix(24, 12, 0, 0, 0), u64(3), BpfMap.ANY)).isEqualTo(-Errno.ENOSPC);
            assertThat(map.write(one, u64(4), BpfMap.EXIST)).isZero();
            // The fork above both is no entry, and no entry of it is to be had.
            assertThat(map.remove(prefix(7, 10, 0, 0, 0))).isEqualTo(-Errno.ENOENT);
            assertThat(map.take(one, BpfMap.ANY).error()).isEqualTo(-Errno.ENOTSUPP);
        }
    }

    @Test
    void keys_follow_each_other_from_the_longer_to_the_shorter() {
        try (BpfMap map = trie(4, 8)) {
            List<ByteString> order = List.of(
                    prefix(24, 192, 168, 0, 0),
                    prefix(24, 192, 168, 1, 0),
                    prefix(24, 192, 168, 128, 0),
                    prefix(16, 192, 168, 0, 0));
            for (int i : new int[] {3, 0, 2, 1}) {
                map.write(order.get(i), u64(i), BpfMap.ANY);
            }
            assertThat(keys(map)).isEqualTo(order);
            assertThat(map.entries().stream().map(MapEntry::key))
                    .containsExactly(order.get(3), order.get(0), order.get(1), order.get(2));
            assertThat(map.nextKey(Optional.of(prefix(9, 1, 2, 3, 4))).values()).containsExactly(order.getFirst());
        }
    }

    private static List<ByteString> keys(BpfMap map) {
        List<ByteString> keys = new ArrayList<>();
        MapResult next = map.nextKey(Optional.empty());
        while (next.found()) {
            keys.add(next.values().getFirst());
            next = map.nextKey(Optional.of(keys.getLast()));
        }
        assertThat(next.error()).isEqualTo(-Errno.ENOENT);
        return keys;
    }

    /** The model holds prefixes by length and bits and tries all lengths. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 16})
    void a_random_history_is_that_of_a_plain_list(int dataBytes) {
        Random random = new Random(dataBytes);
        int room = 40;
        Map<String, Long> model = new HashMap<>();
        try (BpfMap map = trie(dataBytes, room)) {
            for (int step = 0; step < 20_000; step++) {
                ByteString key = key(random, dataBytes);
                String name = bits(key);
                long flags = random.nextInt(3);
                int expected;
                int got;
                if (random.nextInt(3) == 0) {
                    expected = model.remove(name) != null ? 0 : -Errno.ENOENT;
                    got = map.remove(key);
                } else {
                    expected = flags == BpfMap.NO_EXIST && model.containsKey(name)
                            ? -Errno.EEXIST
                            : flags == BpfMap.EXIST && !model.containsKey(name)
                                    ? -Errno.ENOENT
                                    : model.containsKey(name) || model.size() < room ? 0 : -Errno.ENOSPC;
                    got = map.write(key, u64(step), flags);
                    if (expected == 0) {
                        model.put(name, (long) step);
                    }
                }
                assertThat(got).isEqualTo(expected);
                ByteString asked = key(random, dataBytes);
                assertThat(map.read(asked).stream().map(Maps::number).findFirst())
                        .isEqualTo(longest(model, bits(asked)));
            }
            Set<String> names = new HashSet<>();
            keys(map).forEach(key -> assertThat(names.add(bits(key))).isTrue());
            assertThat(names).isEqualTo(model.keySet());
        }
    }

    private static Optional<Long> longest(Map<String, Long> model, String bits) {
        for (int length = bits.length(); length >= 0; length--) {
            Long found = model.get(bits.substring(0, length));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** Few bits differ, so that prefixes meet, contain each other and part in all places. */
    private static ByteString key(Random random, int dataBytes) {
        int[] bytes = new int[dataBytes];
        Arrays.fill(bytes, 0x55);
        bytes[0] ^= random.nextInt(8) << random.nextInt(6);
        bytes[dataBytes - 1] ^= random.nextInt(4);
        return prefix(random.nextInt(8 * dataBytes + 1), bytes);
    }

    private static String bits(ByteString key) {
        int length = (int) number(ByteString.copyOf(Arrays.copyOf(key.toArray(), 4)));
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            bits.append(key.at(4 + i / 8) >> (7 - i % 8) & 1);
        }
        return bits.toString();
    }

    @Test
    void a_value_that_was_looked_up_stays_readable_after_its_key_is_gone() {
        try (BpfMap map = trie(4, 2);
                Arena arena = Arena.ofConfined()) {
            ByteString key = prefix(32, 1, 2, 3, 4);
            map.write(key, u64(77), BpfMap.ANY);
            long at = arena.allocate(8, 8).address();
            Memory.copyIn(key.toArray(), at);
            long value = map.lookup(at, 0);
            map.remove(key);
            for (int i = 0; i < 20; i++) {
                map.write(prefix(32, 1, 2, 3, i), u64(i), BpfMap.ANY);
                map.remove(prefix(32, 1, 2, 3, i));
            }
            assertThat(map.inValue(value, 8)).isTrue();
            assertThat(map.inValue(value + 1, 8)).isFalse();
            assertThat(map.inValue(value - 1, 1)).isFalse();
            assertThat(Memory.loadLong(value)).isEqualTo(77);
        }
    }

    /** One prefix is always there, and it is the best one for every key that is asked for: no other answer is right. */
    @Test
    void readers_get_right_answers_while_the_trie_changes() throws InterruptedException {
        try (BpfMap map = trie(4, 64)) {
            map.write(prefix(16, 10, 1, 0, 0), u64(1), BpfMap.ANY);
            AtomicInteger wrong = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int own = 0; own < 2; own++) {
                int third = own;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        ByteString key = prefix(20 + i % 12, 10, 1, 128 + 64 * third, i % 7);
                        if (map.write(key, u64(2), BpfMap.ANY) != 0 || map.remove(key) != 0) {
                            wrong.incrementAndGet();
                        }
                    }
                }));
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 30_000; i++) {
                        if (!map.read(prefix(32, 10, 1, 3, i % 50)).equals(List.of(u64(1)))) {
                            wrong.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong).hasValue(0);
            assertThat(map.entries()).hasSize(1);
        }
    }
}
