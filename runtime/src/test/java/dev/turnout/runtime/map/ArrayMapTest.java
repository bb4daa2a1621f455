package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.u32;
import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrayMapTest {
    @Test
    void every_index_is_there_from_the_start_and_zero() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 5)) {
            assertThat(map.read(u32(4))).containsExactly(u64(0));
            assertThat(map.entries()).hasSize(5);
        }
    }

    @Test
    void an_index_past_the_end_is_not_found_and_too_big_to_update() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 5)) {
            assertThat(map.read(u32(5))).isEmpty();
            assertThat(map.read(u32(-1))).isEmpty();
            assertThat(map.write(u32(5), u64(1), BpfMap.ANY)).isEqualTo(-Errno.E2BIG);
        }
    }

    @Test
    void flags_are_judged_in_linux_order() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 5)) {
            assertThat(map.write(u32(9), u64(1), 8)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(9), u64(1), BpfMap.NO_EXIST)).isEqualTo(-Errno.E2BIG);
            assertThat(map.write(u32(1), u64(1), BpfMap.NO_EXIST)).isEqualTo(-Errno.EEXIST);
            assertThat(map.write(u32(1), u64(1), BpfMap.EXIST)).isZero();
            assertThat(map.write(u32(1), u64(1), BpfMap.LOCK)).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void nothing_can_be_deleted() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 5)) {
            assertThat(map.remove(u32(1))).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void each_cpu_slot_of_a_per_cpu_array_has_a_value_of_its_own() {
        try (BpfMap map = Maps.of(MapKind.PERCPU_ARRAY, 4, 8, 2)) {
            assertThat(map.writeSlot(u32(1), 2, u64(7), BpfMap.ANY)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(0), u64(0), u64(7));
            assertThat(map.write(u32(0), u64(9), BpfMap.ANY)).isZero();
            assertThat(map.read(u32(0))).containsExactly(u64(9), u64(9), u64(9));
        }
    }

    @Test
    void all_cpu_slots_see_the_same_values_of_an_array_that_is_not_per_cpu() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 5)) {
            assertThat(map.lookup(address(map, 0), 2)).isEqualTo(map.lookup(address(map, 0), 0));
            assertThat(map.writeSlot(u32(1), 2, u64(7), BpfMap.ANY)).isZero();
            assertThat(map.read(u32(1))).containsExactly(u64(7));
        }
    }

    @Test
    void a_data_section_holds_its_bytes_and_can_be_pointed_into() {
        MapDefinition rodata = new MapDefinition(
                ".rodata",
                MapKind.ARRAY,
                4,
                6,
                1,
                0x80,
                Maps.definition(MapKind.ARRAY, 4, 6, 1).key(),
                Maps.definition(MapKind.ARRAY, 4, 6, 1).value(),
                new MapDefinition.Content.Data(ByteString.copyOf(new byte[] {1, 2, 3, 4, 5, 6}), true));
        try (BpfMap map = Maps.of(rodata)) {
            assertThat(map.entries()).containsExactly(new MapEntry(u32(0), List.of(ByteString.copyOf(new byte[] {
                1, 2, 3, 4, 5, 6
            }))));
            assertThat(map.direct()).isNotZero();
            assertThat(map.writable()).isFalse();
            assertThat(map.inValue(map.direct() + 2, 4)).isTrue();
            assertThat(map.inValue(map.direct() + 2, 5)).isFalse();
            ByteString other = ByteString.zeros(6);
            assertThat(map.write(u32(0), other, BpfMap.ANY))
                    .as("proofs rest on it")
                    .isEqualTo(-Errno.EPERM);
            assertThat(map.writeSlot(u32(0), 0, other, BpfMap.ANY)).isEqualTo(-Errno.EPERM);
        }
    }

    @Test
    void padding_between_values_belongs_to_none() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 5, 3)) {
            long first = map.lookup(address(map, 0), 0);
            assertThat(map.inValue(first + 4, 1)).isTrue();
            assertThat(map.inValue(first + 5, 1)).isFalse();
            assertThat(map.inValue(first + 4, 5)).isFalse();
            assertThat(map.inValue(first - 1, 1)).isFalse();
        }
    }

    /** An address that holds this index: the header's field for it. */
    private static long address(BpfMap map, int index) {
        assertThat(index).isZero();
        return map.address() + MapHeader.HAND;
    }

    @Test
    void keys_follow_each_other_and_begin_again_behind_the_end() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 3)) {
            assertThat(map.nextKey(Optional.empty())).isEqualTo(MapResult.of(u32(0)));
            assertThat(map.nextKey(Optional.of(u32(0)))).isEqualTo(MapResult.of(u32(1)));
            assertThat(map.nextKey(Optional.of(u32(2))).error()).isEqualTo(-Errno.ENOENT);
            assertThat(map.nextKey(Optional.of(u32(3)))).isEqualTo(MapResult.of(u32(0)));
            assertThat(map.nextKey(Optional.of(u32(-1)))).isEqualTo(MapResult.of(u32(0)));
        }
    }

    @Test
    void a_walk_shows_the_values_of_its_cpu_in_order() {
        try (BpfMap map = Maps.of(MapKind.PERCPU_ARRAY, 4, 8, 3);
                Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < 3; i++) {
                map.writeSlot(u32(i), 1, u64(10 + i), BpfMap.ANY);
            }
            MapWalk walk = map.walk(1, arena.allocate(8, 8).address()).orElseThrow();
            for (int i = 0; i < 3; i++) {
                assertThat(walk.advance()).isTrue();
                assertThat(Memory.loadInt(walk.key())).isEqualTo(i);
                assertThat(Memory.loadLong(walk.value())).isEqualTo(10 + i);
            }
            assertThat(walk.advance()).isFalse();
        }
    }

    @Test
    void keys_of_arrays_cannot_be_taken_out() {
        try (BpfMap map = Maps.of(MapKind.ARRAY, 4, 8, 3)) {
            assertThat(map.take(u32(0), BpfMap.ANY).error()).isEqualTo(-Errno.ENOTSUPP);
        }
    }
}
