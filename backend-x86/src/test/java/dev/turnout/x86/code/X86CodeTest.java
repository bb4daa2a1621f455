package dev.turnout.x86.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class X86CodeTest {
    private static final long PLACE = 0x7000_0000_0000L;

    private static Addresses where(long stub) {
        return new Addresses() {
            @Override
            public long stub(Stub which) {
                return stub;
            }

            @Override
            public long mapHeader(int map) {
                return 0x1111_0000_0000L + map;
            }

            @Override
            public long mapValue(int map) {
                return 0x2222_0000_0000L + map;
            }

            @Override
            public long key(int key) {
                return 0x3333_0000_0000L + key;
            }
        };
    }

    private static X86Code code(Fixup... fixups) {
        return new X86Code(
                new byte[32], new int[] {0, X86Code.NONE}, new int[] {0}, List.of(fixups), List.of(), List.of());
    }

    private static ByteBuffer placed(long stub, Fixup fixup) {
        return ByteBuffer.wrap(code(fixup).placed(PLACE, where(stub))).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void callsOfStubsCountFromBehindTheField() {
        assertThat(placed(PLACE + 100, new Fixup.ToStub(8, Stub.HELPER)).getInt(8))
                .isEqualTo(100 - 12);
        assertThat(placed(PLACE - 100, new Fixup.ToStub(8, Stub.HELPER)).getInt(8))
                .isEqualTo(-100 - 12);
    }

    @Test
    void addressesAreWhole() {
        assertThat(placed(0, new Fixup.MapHeader(8, 3)).getLong(8)).isEqualTo(0x1111_0000_0003L);
        assertThat(placed(0, new Fixup.MapValue(8, 3, -16)).getLong(8)).isEqualTo(0x2222_0000_0003L + 0xffff_fff0L);
        assertThat(placed(0, new Fixup.KeyValue(8, 3)).getLong(8)).isEqualTo(0x3333_0000_0003L);
    }

    @Test
    void aStubOutOfReachIsRefused() {
        X86Code code = code(new Fixup.ToStub(8, Stub.HELPER));
        assertThatThrownBy(() -> code.placed(PLACE, where(PLACE + 12 + (1L << 31))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("out of reach");
        assertThat(code.placed(PLACE, where(PLACE + 12 + (1L << 31) - 1))).hasSize(32);
    }

    @Test
    void placingLeavesTheCodeAsItIs() {
        X86Code code = code(new Fixup.MapHeader(8, 3));
        code.placed(PLACE, where(0));
        assertThat(code.bytes()).containsOnly(0);
    }
}
