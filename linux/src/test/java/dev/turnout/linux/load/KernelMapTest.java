package dev.turnout.linux.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One map of each shape that needs more than numbers to be made, and what only some kinds can do. */
class KernelMapTest {
    private static final DebugType NONE = new DebugType.Void();
    private static final DebugType WORD = new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
    private static final MapDefinition.Content EMPTY = new MapDefinition.Content.Empty();
    private static final int NO_PREALLOC = 1;
    private static final int LOCK = 4;

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    private static MapDefinition map(MapKind kind, int key, int value, int entries, int flags) {
        return new MapDefinition("m", kind, key, value, entries, flags, NONE, NONE, EMPTY);
    }

    private static MapDefinition ofMaps(MapKind kind, MapDefinition inner) {
        return new MapDefinition("m", kind, 4, 4, 4, 0, 0, NONE, NONE, EMPTY, Optional.of(inner), List.of());
    }

    private static KernelMap made(MapDefinition definition) {
        KernelMap.Made made = KernelMap.create(definition);
        assertThat(made).isInstanceOf(KernelMap.Made.Created.class);
        return ((KernelMap.Made.Created) made).map();
    }

    private static ByteString bytes(int... values) {
        byte[] all = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            all[i] = (byte) values[i];
        }
        return ByteString.copyOf(all);
    }

    @Test
    void a_value_with_a_spin_lock_is_made_with_its_types_and_written_under_the_lock() {
        DebugType lock = new DebugType.Struct("bpf_spin_lock", 4, List.of(new DebugType.Member("val", WORD, 0, 0)));
        DebugType value = new DebugType.Struct(
                "guarded",
                8,
                List.of(new DebugType.Member("lock", lock, 0, 0), new DebugType.Member("count", WORD, 32, 0)));
        MapDefinition definition = new MapDefinition(
                "m",
                MapKind.HASH,
                3,
                8,
                4,
                0,
                0,
                NONE,
                value,
                EMPTY,
                Optional.empty(),
                List.of(new MapField(MapField.Kind.SPIN_LOCK, 0, 4, "")));
        try (KernelMap map = made(definition)) {
            ByteString key = bytes(1, 2, 3);
            assertThat(map.update(key, List.of(bytes(9, 9, 9, 9, 7, 0, 0, 0)), LOCK))
                    .isZero();
            assertThat(map.lookup(key, LOCK).bytes()).containsExactly(bytes(0, 0, 0, 0, 7, 0, 0, 0));
        }
        try (KernelMap plain = made(map(MapKind.HASH, 3, 8, 4, 0))) {
            assertThat(plain.update(bytes(1, 2, 3), List.of(bytes(0, 0, 0, 0, 7, 0, 0, 0)), LOCK))
                    .isEqualTo(-KernelErrors.EINVAL);
        }
    }

    @Test
    void a_map_of_maps_takes_a_map_like_its_inner_one_and_gives_its_number() {
        MapDefinition inner = map(MapKind.HASH, 4, 8, 16, 0);
        for (MapKind kind : List.of(MapKind.ARRAY_OF_MAPS, MapKind.HASH_OF_MAPS)) {
            try (KernelMap outer = made(ofMaps(kind, inner));
                    KernelMap fits = made(inner);
                    KernelMap other = made(map(MapKind.HASH, 4, 4, 16, 0))) {
                ByteString key = bytes(1, 0, 0, 0);
                assertThat(outer.put(key, other, 0)).isEqualTo(-KernelErrors.EINVAL);
                assertThat(outer.put(key, fits, 0)).isZero();
                assertThat(outer.read(key)).containsExactly(KernelMap.index(fits.id()));
                assertThat(outer.delete(key)).isZero();
                assertThat(outer.read(key)).isEmpty();
            }
        }
    }

    @Test
    void queues_and_stacks_are_pushed_peeked_and_popped_without_keys() {
        for (MapKind kind : List.of(MapKind.QUEUE, MapKind.STACK)) {
            ByteString first = bytes(1, 1);
            ByteString second = bytes(2, 2);
            ByteString next = kind == MapKind.QUEUE ? first : second;
            try (KernelMap map = made(map(kind, 0, 2, 2, 0))) {
                assertThat(map.lookup(ByteString.EMPTY, 0).result()).isEqualTo(-KernelErrors.ENOENT);
                assertThat(map.update(ByteString.EMPTY, List.of(first), 0)).isZero();
                assertThat(map.update(ByteString.EMPTY, List.of(second), 0)).isZero();
                assertThat(map.update(ByteString.EMPTY, List.of(second), 0)).isEqualTo(-KernelErrors.E2BIG);
                assertThat(map.lookup(ByteString.EMPTY, 0).bytes()).containsExactly(next);
                assertThat(map.lookupAndDelete(ByteString.EMPTY, 0).bytes()).containsExactly(next);
            }
        }
    }

    @Test
    void the_longest_prefix_is_found_and_keys_follow_each_other() {
        assertThat(KernelMap.create(map(MapKind.LPM_TRIE, 8, 1, 4, 0)))
                .isEqualTo(new KernelMap.Made.Refused(KernelErrors.EINVAL));
        try (KernelMap map = made(map(MapKind.LPM_TRIE, 8, 1, 4, NO_PREALLOC))) {
            ByteString wide = bytes(8, 0, 0, 0, 10, 0, 0, 0);
            ByteString narrow = bytes(16, 0, 0, 0, 10, 1, 0, 0);
            assertThat(map.update(wide, List.of(bytes(1)), 0)).isZero();
            assertThat(map.update(narrow, List.of(bytes(2)), 0)).isZero();
            assertThat(map.read(bytes(32, 0, 0, 0, 10, 1, 2, 3))).containsExactly(bytes(2));
            assertThat(map.read(bytes(32, 0, 0, 0, 10, 2, 2, 3))).containsExactly(bytes(1));
            assertThat(map.next(Optional.empty()).bytes()).containsExactly(narrow);
            assertThat(map.next(Optional.of(narrow)).bytes()).containsExactly(wide);
            assertThat(map.next(Optional.of(wide)).result()).isEqualTo(-KernelErrors.ENOENT);
        }
    }

    @Test
    void a_key_is_looked_up_and_deleted_in_one_step() {
        try (KernelMap map = made(map(MapKind.PERCPU_HASH, 4, 6, 4, 0))) {
            ByteString key = bytes(1, 0, 0, 0);
            ByteString value = bytes(1, 2, 3, 4, 5, 6);
            assertThat(map.update(key, List.of(value), 0)).isZero();
            assertThat(map.lookupAndDelete(key, 0).bytes()).hasSize(map.slots()).startsWith(value);
            assertThat(map.lookupAndDelete(key, 0).result()).isEqualTo(-KernelErrors.ENOENT);
        }
    }

    @Test
    void a_bloom_filter_knows_what_it_was_given() {
        try (KernelMap map = made(map(MapKind.BLOOM_FILTER, 0, 4, 100, 0))) {
            assertThat(map.update(ByteString.EMPTY, List.of(bytes(1, 2, 3, 4)), 0))
                    .isZero();
            assertThat(map.holds(bytes(1, 2, 3, 4))).isZero();
            assertThat(map.holds(bytes(4, 3, 2, 1))).isEqualTo(-KernelErrors.ENOENT);
        }
    }

    @Test
    void a_map_of_devices_takes_those_that_are_there() {
        try (KernelMap map = made(map(MapKind.DEVMAP, 4, 4, 4, 0))) {
            ByteString key = bytes(2, 0, 0, 0);
            ByteString loopback = bytes(1, 0, 0, 0);
            assertThat(map.update(key, List.of(loopback), 0)).isZero();
            assertThat(map.read(key)).containsExactly(loopback);
            assertThat(map.update(key, List.of(bytes(0, 0, 0, 0x70)), 0)).isEqualTo(-KernelErrors.EINVAL);
        }
    }

    @Test
    void a_few_bytes_of_a_value_are_written_and_no_others() {
        for (int flags : new int[] {0, MapFlag.MMAPABLE.bit()}) {
            try (KernelMap map = made(map(MapKind.ARRAY, 4, 16, 1, flags))) {
                ByteString first = bytes(0, 0, 0, 0);
                ByteString before = bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
                map.update(first, List.of(before), 0);
                assertThat(map.write(3, bytes(40))).isZero();
                assertThat(map.write(6, bytes(70, 80))).isZero();
                assertThat(map.write(9, bytes(0, 0, 0))).isZero();
                assertThat(map.read(first))
                        .containsExactly(bytes(1, 2, 3, 40, 5, 6, 70, 80, 9, 0, 0, 0, 13, 14, 15, 16));
            }
        }
    }

    @Test
    void a_frozen_map_is_not_written() {
        for (int flags : new int[] {0, MapFlag.MMAPABLE.bit()}) {
            try (KernelMap map = made(map(MapKind.ARRAY, 4, 16, 1, flags))) {
                assertThat(map.freeze()).isZero();
                assertThat(map.write(0, bytes(1))).isEqualTo(-KernelErrors.EPERM);
            }
        }
    }
}
