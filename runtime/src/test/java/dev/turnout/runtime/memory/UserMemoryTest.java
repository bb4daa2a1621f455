package dev.turnout.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UserMemoryTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void what_was_placed_can_be_read_and_nothing_beside_it() {
        try (UserMemory memory = UserMemory.create()) {
            long first = memory.place(bytes("/etc/passwd\0"));
            long second = memory.place(bytes("x"));
            assertThat(Memory.copyOut(first, 12)).isEqualTo(bytes("/etc/passwd\0"));
            assertThat(first % 8).isZero();
            assertThat(memory.holds(first, 12)).isTrue();
            assertThat(memory.holds(first + 11, 1)).isTrue();
            assertThat(memory.holds(first, 13)).isFalse();
            assertThat(memory.holds(first - 1, 2)).isFalse();
            assertThat(memory.holds(first + 12, 1)).isFalse();
            assertThat(memory.holds(second, 1)).isTrue();
            assertThat(memory.holds(second, Long.MAX_VALUE)).isFalse();
            assertThat(memory.holds(first, -1)).isFalse();
            assertThat(memory.holds(0, 1)).isFalse();
            assertThat(memory.holds(-1, 1)).isFalse();
        }
    }

    @Test
    void of_no_bytes_there_is_an_address_where_nothing_is() {
        try (UserMemory memory = UserMemory.create()) {
            long nothing = memory.place(new byte[0]);
            assertThat(memory.holds(nothing, 1)).isFalse();
        }
    }

    @Test
    void it_is_bounded() {
        try (UserMemory memory = UserMemory.create()) {
            assertThatIllegalStateException().isThrownBy(() -> memory.place(new byte[(int) UserMemory.ROOM]));
            assertThat(memory.place(new byte[1])).isPositive();
        }
    }
}
