package dev.turnout.runtime.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgramArrayMapTest {
    /** Counts who holds it. */
    private static final class Target implements TailTarget {
        private final long entry;
        private final ProgramType type;
        private int users = 1;

        Target(long entry, ProgramType type) {
            this.entry = entry;
            this.type = type;
        }

        @Override
        public Optional<ProgramType> programType() {
            return Optional.of(type);
        }

        @Override
        public String name() {
            return "target";
        }

        @Override
        public long nativeEntry() {
            return entry;
        }

        @Override
        public boolean retain() {
            users += users == 0 ? 0 : 1;
            return users != 0;
        }

        @Override
        public void release() {
            users--;
        }
    }

    private static ProgramArrayMap array() {
        return (ProgramArrayMap) Maps.of(MapKind.PROG_ARRAY, 4, 4, 3);
    }

    private static long entry(ProgramArrayMap map, int index) {
        return Memory.loadLong(Memory.loadLong(map.address() + MapHeader.VALUES) + 8L * index);
    }

    @Test
    void an_entry_is_in_memory_and_keeps_its_program() {
        Target one = new Target(0x1000, ProgramType.XDP);
        Target two = new Target(0x2000, ProgramType.XDP);
        try (ProgramArrayMap map = array()) {
            assertThat(entry(map, 2)).isZero();
            assertThat(map.put(2, one)).isZero();
            assertThat(entry(map, 2)).isEqualTo(0x1000);
            assertThat(one.users).isEqualTo(2);
            assertThat(map.put(2, two)).isZero();
            assertThat(entry(map, 2)).isEqualTo(0x2000);
            assertThat(one.users).isEqualTo(1);
            assertThat(map.clear(2)).isZero();
            assertThat(map.clear(2)).isEqualTo(-Errno.ENOENT);
            assertThat(entry(map, 2)).isZero();
            assertThat(two.users).isEqualTo(1);
            assertThat(map.put(0, two)).isZero();
        }
        assertThat(two.users).as("closing lets go").isEqualTo(1);
    }

    @Test
    void programs_that_are_closed_or_of_another_type_are_refused() {
        Target xdp = new Target(0x1000, ProgramType.XDP);
        Target tc = new Target(0x2000, ProgramType.SCHED_CLS);
        Target closed = new Target(0x3000, ProgramType.XDP);
        closed.release();
        try (ProgramArrayMap map = array()) {
            assertThat(map.put(0, xdp)).isZero();
            assertThat(map.put(1, tc)).isEqualTo(-Errno.EINVAL);
            assertThat(map.put(1, closed)).isEqualTo(-Errno.EINVAL);
            assertThat(map.put(3, xdp)).isEqualTo(-Errno.E2BIG);
            assertThat(entry(map, 1)).isZero();
            assertThat(tc.users).isEqualTo(1);
        }
    }
}
