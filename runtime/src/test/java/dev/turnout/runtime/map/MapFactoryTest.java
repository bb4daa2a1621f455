package dev.turnout.runtime.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.map.MapKind;
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
    }

    @Test
    void a_map_larger_than_the_limit_is_refused_before_memory_is_asked_for() {
        refuses(Maps.definition(MapKind.ARRAY, 4, 1 << 20, 0xffff_ffffL), DiagnosticCode.R0102);
    }

    @Test
    void a_large_map_that_is_not_used_costs_nothing() {
        try (BpfMap map = Maps.of(MapKind.HASH, 4, 4096, 1 << 20)) {
            assertThat(map.write(Maps.u32(1), dev.turnout.ir.model.ByteString.zeros(4096), BpfMap.ANY))
                    .isZero();
        }
    }

    @Test
    void a_kind_that_is_not_there_yet_is_named() {
        refuses(Maps.definition(MapKind.LPM_TRIE, 8, 8, 1), DiagnosticCode.R0103);
    }

    private static void refuses(MapDefinition definition, DiagnosticCode code) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(MapFactory.create(definition, 2, diagnostics)).isEmpty();
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(code));
    }
}
