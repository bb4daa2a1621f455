package dev.turnout.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapOfMaps;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MapOfMapsTest {
    private final Machine machine = Machine.create(new ScriptedWorld(), 2);
    private final Diagnostics diagnostics = new Diagnostics();

    @AfterEach
    void close() {
        machine.close();
    }

    private static MapDefinition definition(
            String name, MapKind kind, int value, long entries, int flags, Optional<MapDefinition> inner) {
        return new MapDefinition(
                name,
                kind,
                4,
                value,
                entries,
                flags,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty(),
                inner,
                List.of());
    }

    private static MapDefinition array(long entries, int flags) {
        return definition("inner", MapKind.ARRAY, 8, entries, flags, Optional.empty());
    }

    private MapOfMaps outer(MapKind kind, MapDefinition inner) {
        return (MapOfMaps) machine.declare(definition("outer", kind, 4, 3, 0, Optional.of(inner)), diagnostics)
                .orElseThrow();
    }

    private InnerMap inner(MapDefinition definition) {
        return machine.makeInner(definition, diagnostics).orElseThrow();
    }

    private static ByteString key(int value) {
        return ByteString.copyOf(new byte[] {(byte) value, 0, 0, 0});
    }

    private static boolean isListed(Machine machine, BpfMap map) {
        return machine.allMaps().contains(map);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void anEntryIsTheInnerMapsHeaderOrNothing(MapKind kind) {
        MapOfMaps outer = outer(kind, array(4, 0));
        InnerMap one = inner(array(4, 0));
        InnerMap other = inner(array(4, 0));
        assertThat(outer.address(key(1))).isEmpty();
        assertThat(outer.remove(key(1))).isEqualTo(-Errno.ENOENT);
        assertThat(outer.put(key(1), one, BpfMap.ANY)).isZero();
        assertThat(outer.address(key(1))).hasValue(one.map().address());
        assertThat(machine.mapAt(one.map().address())).isSameAs(one.map());
        assertThat(outer.put(key(1), other, BpfMap.ANY)).isZero();
        assertThat(outer.address(key(1))).hasValue(other.map().address());
        assertThat(outer.find(key(1), 0).error()).isZero();
        assertThat(outer.find(key(2), 0).error()).isEqualTo(-Errno.ENOENT);
        assertThat(outer.entries()).hasSize(1);
        assertThat(outer.remove(key(1))).isZero();
        assertThat(outer.address(key(1))).isEmpty();
        assertThat(outer.entries()).isEmpty();
    }

    @Test
    void flagsAreThoseOfTheKind() {
        MapOfMaps array = outer(MapKind.ARRAY_OF_MAPS, array(4, 0));
        InnerMap inner = inner(array(4, 0));
        assertThat(array.put(key(0), inner, BpfMap.EXIST)).isEqualTo(-Errno.EINVAL);
        assertThat(array.put(key(3), inner, BpfMap.ANY)).isEqualTo(-Errno.E2BIG);
        assertThat(array.remove(key(3))).isEqualTo(-Errno.E2BIG);
        assertThat(array.write(key(0), key(0), BpfMap.ANY)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void aTableDemandsWhatItsFlagsSayAndHasRoomForItsEntries() {
        MapOfMaps table = outer(MapKind.HASH_OF_MAPS, array(4, 0));
        InnerMap inner = inner(array(4, 0));
        assertThat(table.put(key(9), inner, BpfMap.EXIST)).isEqualTo(-Errno.ENOENT);
        assertThat(table.put(key(9), inner, BpfMap.NO_EXIST)).isZero();
        assertThat(table.put(key(9), inner, BpfMap.NO_EXIST)).isEqualTo(-Errno.EEXIST);
        assertThat(table.put(key(9), inner, 8)).isEqualTo(-Errno.EINVAL);
        assertThat(table.put(key(8), inner, BpfMap.ANY)).isZero();
        assertThat(table.put(key(7), inner, BpfMap.ANY)).isZero();
        assertThat(table.put(key(6), inner, BpfMap.ANY)).isEqualTo(-Errno.E2BIG);
        assertThat(table.put(key(9), inner, BpfMap.ANY)).isZero();
    }

    @Test
    void onlyMapsOfOneShapeFit() {
        MapOfMaps outer = outer(MapKind.ARRAY_OF_MAPS, array(4, 0));
        assertThat(outer.put(key(0), inner(array(5, 0)), BpfMap.ANY)).isEqualTo(-Errno.EINVAL);
        assertThat(outer.put(key(0), inner(definition("i", MapKind.ARRAY, 16, 4, 0, Optional.empty())), BpfMap.ANY))
                .isEqualTo(-Errno.EINVAL);
        assertThat(outer.put(key(0), inner(array(4, MapFlag.MMAPABLE.bit())), BpfMap.ANY))
                .isEqualTo(-Errno.EINVAL);
        assertThat(outer.put(key(0), inner(definition("i", MapKind.HASH, 8, 4, 0, Optional.empty())), BpfMap.ANY))
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void arraysThatSayThatTheyAreInnerOnesAndTablesMayDifferInSize() {
        int flag = MapFlag.INNER_MAP.bit();
        MapOfMaps arrays = outer(MapKind.ARRAY_OF_MAPS, array(4, flag));
        assertThat(arrays.put(key(0), inner(array(500, flag)), BpfMap.ANY)).isZero();
        MapOfMaps tables = (MapOfMaps) machine.declare(
                        definition(
                                "tables",
                                MapKind.ARRAY_OF_MAPS,
                                4,
                                2,
                                0,
                                Optional.of(definition("i", MapKind.HASH, 8, 4, 0, Optional.empty()))),
                        diagnostics)
                .orElseThrow();
        assertThat(tables.put(key(0), inner(definition("j", MapKind.HASH, 8, 99, 0, Optional.empty())), BpfMap.ANY))
                .isZero();
    }

    @Test
    void aMapThatNobodyHoldsLivesUntilTheRunsOfThatTimeHaveEnded() {
        MapOfMaps outer = outer(MapKind.ARRAY_OF_MAPS, array(4, 0));
        InnerMap first = inner(array(4, 0));
        assertThat(outer.put(key(0), first, BpfMap.ANY)).isZero();
        first.release();
        BpfMap map = first.map();
        try (CpuSlots.Lease _ = machine.slots().lease()) {
            assertThat(outer.remove(key(0))).isZero();
            inner(array(4, 0)).release();
            assertThat(isListed(machine, map)).isTrue();
            // A run may write it as long as it runs.
            assertThat(map.write(key(0), ByteString.zeros(8), BpfMap.ANY)).isZero();
        }
        assertThat(first.retain()).isFalse();
        assertThat(outer.put(key(0), first, BpfMap.ANY)).isEqualTo(-Errno.EBADF);
        // Whoever makes or drops the next one frees it.
        inner(array(4, 0)).release();
        assertThat(isListed(machine, map)).isFalse();
    }

    @Test
    void whoeverAsksForAnEntryHoldsItsMap() {
        MapOfMaps outer = outer(MapKind.HASH_OF_MAPS, array(4, 0));
        InnerMap made = inner(array(4, 0));
        assertThat(outer.put(key(5), made, BpfMap.ANY)).isZero();
        made.release();
        InnerMap held = outer.held(key(5)).orElseThrow();
        assertThat(outer.remove(key(5))).isZero();
        inner(array(4, 0)).release();
        assertThat(isListed(machine, held.map())).isTrue();
        held.release();
        inner(array(4, 0)).release();
        assertThat(isListed(machine, made.map())).isFalse();
        assertThat(outer.held(key(5))).isEmpty();
    }

    @Test
    void numbersOfFreedMapsAreGivenAnew() {
        int before = machine.allMaps().size();
        for (int i = 0; i < 1000; i++) {
            inner(array(4, 0)).release();
        }
        assertThat(machine.allMaps().size()).isLessThan(before + 3);
    }

    @Test
    void namedMapsStayHoweverOftenTheyAreTakenOut() {
        MapDefinition plain = array(4, 0);
        BpfMap named = machine.declare(plain, diagnostics).orElseThrow();
        MapOfMaps outer = outer(MapKind.ARRAY_OF_MAPS, plain);
        for (int i = 0; i < 5; i++) {
            InnerMap inner = machine.inner("inner").orElseThrow();
            assertThat(outer.put(key(1), inner, BpfMap.ANY)).isZero();
            inner.release();
            assertThat(outer.remove(key(1))).isZero();
        }
        inner(array(4, 0)).release();
        assertThat(isListed(machine, named)).isTrue();
        assertThat(machine.inner("nothing")).isEmpty();
    }

    @Test
    void whatCannotBeInnerIsRefused() {
        for (MapDefinition inner : List.of(
                definition("i", MapKind.PROG_ARRAY, 4, 4, 0, Optional.empty()),
                definition("i", MapKind.ARRAY_OF_MAPS, 4, 4, 0, Optional.of(array(4, 0))),
                definition("i", MapKind.ARRAY, 8, 0, 0, Optional.empty()))) {
            Diagnostics told = new Diagnostics();
            assertThat(machine.declare(definition("refused", MapKind.ARRAY_OF_MAPS, 4, 4, 0, Optional.of(inner)), told))
                    .isEmpty();
            assertThat(told.all()).hasSize(1);
        }
        assertThat(machine.declare(definition("bare", MapKind.HASH_OF_MAPS, 4, 4, 0, Optional.empty()), diagnostics))
                .isEmpty();
        assertThat(diagnostics.all().getFirst().message()).contains("nothing says what the maps in it are like");
    }
}
