package dev.turnout.runtime.map;

import static dev.turnout.runtime.map.Maps.u64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BloomFilterMapTest {
    private static BpfMap filter(long entries, int hashes) {
        return Maps.of(Maps.definition(MapKind.BLOOM_FILTER, 0, 8, entries, 0, hashes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 15})
    void what_was_pushed_is_found_and_little_else(int hashes) {
        try (BpfMap map = filter(1000, hashes)) {
            for (long i = 0; i < 1000; i++) {
                assertThat(map.push(u64(i * i), BpfMap.ANY)).isZero();
            }
            for (long i = 0; i < 1000; i++) {
                assertThat(map.test(u64(i * i))).isZero();
            }
            long wrong = LongStream.range(0, 10_000)
                    .filter(i -> map.test(u64(-1 - i)) == 0)
                    .count();
            // At most half of the bits are set: a chance of 1/2 for each function. Twice as many is far outside of
            // luck.
            int functions = hashes == 0 ? 5 : hashes;
            assertThat(wrong).isLessThan(2L * (10_000 >> Math.min(functions, 5)));
        }
    }

    @Test
    void an_empty_filter_has_seen_nothing() {
        try (BpfMap map = filter(1, 0)) {
            assertThat(map.test(u64(0))).isEqualTo(-Errno.ENOENT);
            assertThat(map.test(u64(7))).isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void what_a_filter_lacks_is_an_error() {
        ByteString none = ByteString.zeros(0);
        try (BpfMap map = filter(4, 2)) {
            assertThat(map.push(u64(1), BpfMap.EXIST)).isEqualTo(-Errno.EINVAL);
            assertThat(map.push(u64(1), BpfMap.NO_EXIST)).isEqualTo(-Errno.EINVAL);
            assertThat(map.remove(none)).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(map.nextKey(Optional.empty()).error()).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(map.take(none, BpfMap.ANY).error()).isEqualTo(-Errno.ENOTSUPP);
            assertThat(map.entries()).isEmpty();
        }
    }
}
