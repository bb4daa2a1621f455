package dev.turnout.runtime.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.NativeCall;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class MapFactoryTest {
    @Test
    void sizes_that_make_no_sense_are_refused() {
        refuses(Maps.definition(MapKind.ARRAY, 8, 8, 1), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.ARRAY, 4, 0, 1), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.HASH, 0, 8, 1), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.HASH, 4, 8, 0), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.HASH, 4, 8, 1L << 32), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.HASH, 4, -1, 1), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.QUEUE, 4, 8, 1), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.BLOOM_FILTER, 0, 0, 1), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.LPM_TRIE, 4, 8, 1, MapFlag.NO_PREALLOC.bit(), 0), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.LPM_TRIE, 261, 8, 1, MapFlag.NO_PREALLOC.bit(), 0), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.PERCPU_ARRAY, 4, 32769, 1), DiagnosticCode.R0102);
    }

    @Test
    void a_map_larger_than_the_limit_is_refused_before_memory_is_asked_for() {
        refuses(Maps.definition(MapKind.ARRAY, 4, 1 << 20, 0xffff_ffffL), DiagnosticCode.R0102);
    }

    @Test
    void a_table_has_its_memory_from_the_start_unless_its_flags_say_later() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 1024, 1000)) {
            assertThat(resident(map)).isEqualTo(map.extent());
        }
        try (BpfMap map = Maps.of(Maps.definition(MapKind.HASH, 4, 1024, 1000, MapFlag.NO_PREALLOC.bit(), 0))) {
            assertThat(resident(map)).isLessThan(map.extent() / 2);
        }
    }

    /** Bytes of a map that have memory, by the C library's {@code mincore}. */
    private static long resident(BpfMap map) {
        int pages = (int) (map.extent() / 4096);
        try (Arena arena = Arena.ofConfined()) {
            long states = arena.allocate(pages, 8).address();
            long result = NativeCall.call(NativeCall.library("mincore"), map.address(), map.extent(), states, 0, 0, 0);
            assertThat((int) result).isZero();
            long there = 0;
            for (int i = 0; i < pages; i++) {
                there += Memory.loadByte(states + i) & 1;
            }
            return there * 4096;
        }
    }

    @Test
    void a_map_of_stacks_is_empty_and_says_so_as_linux_does() {
        try (BpfMap map = Maps.of(MapKind.STACK_TRACE, 4, 80, 5)) {
            assertThat(map.find(Maps.u32(1), BpfMap.ANY).error()).isEqualTo(-Errno.ENOENT);
            assertThat(map.take(Maps.u32(9), BpfMap.ANY).error()).isEqualTo(-Errno.ENOENT);
            assertThat(map.remove(Maps.u32(7))).isEqualTo(-Errno.ENOENT);
            assertThat(map.remove(Maps.u32(8))).isEqualTo(-Errno.E2BIG);
            assertThat(map.write(Maps.u32(1), ByteString.zeros(80), BpfMap.ANY)).isEqualTo(-Errno.EINVAL);
        }
        refuses(Maps.definition(MapKind.STACK_TRACE, 4, 12, 5), DiagnosticCode.R0102);
        refuses(Maps.definition(MapKind.STACK_TRACE, 4, 1024, 5), DiagnosticCode.R0102);
    }

    @Test
    void a_large_map_that_is_not_used_costs_nothing() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 4096, 1 << 20)) {
            assertThat(map.write(Maps.u32(1), ByteString.zeros(4096), BpfMap.ANY))
                    .isZero();
        }
    }

    @Test
    void a_kind_that_is_not_there_yet_is_named() {
        refuses(Maps.definition(MapKind.CGROUP_STORAGE, 8, 8, 1), DiagnosticCode.R0103);
    }

    @Test
    void flags_that_a_kind_does_not_take_are_named() {
        assertThat(why(MapKind.ARRAY, 0, MapFlag.NO_PREALLOC))
                .contains("`array` does not take the flag `BPF_F_NO_PREALLOC`");
        assertThat(why(MapKind.LRU_HASH, 0, MapFlag.NO_PREALLOC)).contains("`lru_hash` does not take the flag");
        assertThat(why(MapKind.HASH, 0, MapFlag.NO_COMMON_LRU)).contains("`BPF_F_NO_COMMON_LRU`");
        assertThat(why(MapKind.PERCPU_ARRAY, 0, MapFlag.MMAPABLE)).contains("`BPF_F_MMAPABLE`");
        assertThat(why(MapKind.HASH, 0, MapFlag.RDONLY_PROG, MapFlag.WRONLY_PROG))
                .contains("has both `BPF_F_RDONLY_PROG` and `BPF_F_WRONLY_PROG`");
        assertThat(why(MapKind.LPM_TRIE, 0)).contains("needs the flag `BPF_F_NO_PREALLOC`");
        assertThat(why(MapKind.HASH, 3)).contains("its `map_extra` is 3");
        assertThat(why(MapKind.BLOOM_FILTER, 16)).contains("takes at most 15");
    }

    @Test
    void bits_that_are_no_flag_are_shown() {
        assertThat(why(Maps.definition(MapKind.HASH, 8, 8, 1, 1 << 25, 0))).contains("its flags 0x2000000 are unknown");
    }

    private static String why(MapKind kind, long extra, MapFlag... flags) {
        return why(Maps.definition(kind, 8, 8, 1, Maps.bits(flags), extra));
    }

    private static String why(MapDefinition definition) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(MapFactory.create(definition, 2, diagnostics)).isEmpty();
        assertThat(diagnostics.all()).hasSize(1);
        assertThat(diagnostics.all().getFirst().code()).isEqualTo(DiagnosticCode.R0102);
        return diagnostics.all().getFirst().message();
    }

    private static void refuses(MapDefinition definition, DiagnosticCode code) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(MapFactory.create(definition, 2, diagnostics)).isEmpty();
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(code));
    }
}
