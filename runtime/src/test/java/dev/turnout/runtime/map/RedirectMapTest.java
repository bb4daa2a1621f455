package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.BpfMap.ANY;
import static dev.turnout.runtime.map.BpfMap.EXIST;
import static dev.turnout.runtime.map.BpfMap.NO_EXIST;
import static dev.turnout.runtime.map.Maps.u32;
import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RedirectMapTest {
    /** An interface, and a program in the upper half. */
    private static ByteString pair(int first, int program) {
        return u64(Integer.toUnsignedLong(first) | (long) program << 32);
    }

    @Test
    void aDeviceIsAnyPositiveNumber() {
        try (BpfMap map = Maps.of(MapKind.DEVMAP, 4, 4, 4)) {
            assertThat(map.address(u32(1))).isEmpty();
            assertThat(map.write(u32(1), u32(7), ANY)).isZero();
            assertThat(map.write(u32(1), u32(9), EXIST)).isZero();
            assertThat(Maps.number(map.read(u32(1)).getFirst())).isEqualTo(9);
            assertThat(map.write(u32(1), u32(-1), ANY)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(4), u32(7), ANY)).isEqualTo(-Errno.E2BIG);
            assertThat(map.write(u32(4), u32(7), NO_EXIST)).isEqualTo(-Errno.E2BIG);
            assertThat(map.write(u32(0), u32(7), NO_EXIST)).isEqualTo(-Errno.EEXIST);
            assertThat(map.write(u32(0), u32(7), 3)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(1), u32(0), ANY)).isZero();
            assertThat(map.read(u32(1))).isEmpty();
            assertThat(map.remove(u32(1))).isZero();
            assertThat(map.remove(u32(4))).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void aDescriptorOfAProgramIsAlwaysClosed() {
        try (BpfMap devices = Maps.of(MapKind.DEVMAP, 4, 8, 4);
                BpfMap processors = Maps.of(MapKind.CPUMAP, 4, 8, 4)) {
            assertThat(devices.write(u32(0), pair(7, 5), ANY)).isEqualTo(-Errno.EINVAL);
            assertThat(devices.write(u32(0), pair(0, 5), ANY)).isEqualTo(-Errno.EINVAL);
            assertThat(devices.write(u32(0), pair(7, -1), ANY)).isZero();
            assertThat(devices.read(u32(0))).containsExactly(pair(7, 0));
            assertThat(processors.write(u32(0), pair(64, 5), ANY)).isEqualTo(-Errno.EBADF);
            assertThat(processors.write(u32(0), pair(0, 5), ANY)).isZero();
            assertThat(processors.write(u32(0), pair(64, 0), ANY)).isZero();
        }
    }

    @Test
    void aTableOfDevicesTakesAnyKey() {
        try (BpfMap map = Maps.of(MapKind.DEVMAP_HASH, 4, 4, 2)) {
            assertThat(map.write(u32(70_000), u32(7), EXIST)).isZero();
            assertThat(map.write(u32(70_000), u32(8), NO_EXIST)).isEqualTo(-Errno.EEXIST);
            assertThat(map.write(u32(-1), u32(8), NO_EXIST)).isZero();
            assertThat(map.write(u32(3), u32(9), ANY)).isEqualTo(-Errno.E2BIG);
            assertThat(map.write(u32(70_000), u32(9), ANY)).isZero();
            assertThat(map.write(u32(70_000), u32(0), ANY)).isEqualTo(-Errno.EINVAL);
            assertThat(map.write(u32(70_000), u32(-5), ANY)).isEqualTo(-Errno.EINVAL);
            assertThat(map.entries()).hasSize(2);
            RedirectMap targets = (RedirectMap) map;
            assertThat(targets.entry(70_000, 2)).isEqualTo(9);
            assertThat(targets.entry(3, 0)).isZero();
            assertThat(map.remove(u32(3))).isEqualTo(-Errno.ENOENT);
            assertThat(map.remove(u32(70_000))).isZero();
        }
    }

    @Test
    void aProcessorHasAQueue() {
        try (BpfMap map = Maps.of(MapKind.CPUMAP, 4, 4, 4)) {
            assertThat(map.write(u32(2), u32(16_385), ANY)).isEqualTo(-Errno.EOVERFLOW);
            assertThat(map.write(u32(2), u32(16_384), ANY)).isZero();
            assertThat(map.write(u32(5), u32(16_385), ANY)).isEqualTo(-Errno.E2BIG);
            RedirectMap targets = (RedirectMap) map;
            assertThat(targets.target(2, targets.entry(2, 0))).isEqualTo(2);
            assertThat(map.write(u32(2), u32(0), ANY)).isZero();
            assertThat(targets.entry(2, 0)).isZero();
        }
    }

    @Test
    void queueZeroIsAnEntryToo() {
        try (BpfMap map = Maps.of(MapKind.XSKMAP, 4, 4, 2)) {
            assertThat(map.write(u32(1), u32(0), EXIST)).isEqualTo(-Errno.ENOENT);
            assertThat(map.write(u32(1), u32(0), NO_EXIST)).isZero();
            assertThat(map.write(u32(1), u32(3), NO_EXIST)).isEqualTo(-Errno.EEXIST);
            assertThat(map.read(u32(1))).containsExactly(u32(0));
            assertThat(map.address(u32(1))).isPresent();
            assertThat(map.remove(u32(1))).isZero();
            assertThat(map.address(u32(1))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"DEVMAP", "DEVMAP_HASH", "CPUMAP", "XSKMAP"})
    void programsReadAnEntryAndNoMore(MapKind kind) {
        try (BpfMap map = Maps.of(kind, 4, 4, 2)) {
            assertThat(map.write(u32(1), u32(1), ANY)).isZero();
            long at = map.address(u32(1)).orElseThrow();
            assertThat(map.writable()).isFalse();
            assertThat(map.inValue(at, 4)).isTrue();
            assertThat(map.inValue(at + 2, 2)).isTrue();
            assertThat(map.inValue(at, 5)).isFalse();
            assertThat(map.inValue(at + 2, 4)).isFalse();
            assertThat(map.inValue(at - 1, 1)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"DEVMAP", "DEVMAP_HASH", "CPUMAP", "XSKMAP"})
    void sizesAreThoseThatLinuxTakes(MapKind kind) {
        for (int size : new int[] {0, 2, 5, 12}) {
            Optional<BpfMap> map = MapFactory.create(Maps.definition(kind, 4, size, 4), Maps.SLOTS, new Diagnostics());
            assertThat(map).isEmpty();
        }
        assertThat(MapFactory.create(Maps.definition(kind, 8, 4, 4), Maps.SLOTS, new Diagnostics()))
                .isEmpty();
        Optional<BpfMap> wide = MapFactory.create(Maps.definition(kind, 4, 8, 4), Maps.SLOTS, new Diagnostics());
        assertThat(wide.isPresent()).isEqualTo(kind != MapKind.XSKMAP);
        wide.ifPresent(BpfMap::close);
    }
}
