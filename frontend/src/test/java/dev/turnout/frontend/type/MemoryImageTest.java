package dev.turnout.frontend.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryImageTest {
    private static final Span NOWHERE = new SourceFile("test", "").whole();

    private static Constant number(long bits) {
        return new Constant.Number(bits);
    }

    @Test
    void hostNumbersAreLittleEndianAndNetworkNumbersAreNot() {
        assertThat(MemoryImage.of(Type.Int.U32, number(0x01020304))).hasToString("04030201");
        assertThat(MemoryImage.of(Type.BigEndian.BE32, number(0x01020304))).hasToString("01020304");
    }

    @Test
    void bitFieldsFillFromTheMostSignificantBit() {
        StructType header = new StructType("H", StructType.Kind.HEADER, NOWHERE);
        header.complete(
                List.of(
                        new Field("a", 0, new Type.Bits(4), 0, 0, 4, NOWHERE),
                        new Field("b", 1, new Type.Bits(12), 0, 4, 12, NOWHERE)),
                2,
                1);
        Constant value = new Constant.Fields(List.of(number(0x4), number(0x123)));
        assertThat(MemoryImage.of(header, value)).hasToString("4123");
    }

    @Test
    void paddingIsZeroAndRepeatsAreSpreadOut() {
        Type.Array array = new Type.Array(Type.Int.U16, 3);
        assertThat(MemoryImage.of(array, new Constant.Repeat(number(7), 3))).hasToString("070007000700");
        StructType struct = new StructType("S", StructType.Kind.STRUCT, NOWHERE);
        struct.complete(
                List.of(
                        new Field("a", 0, Type.Int.U8, 0, 0, 0, NOWHERE),
                        new Field("b", 1, Type.Int.U32, 4, 0, 0, NOWHERE)),
                8,
                4);
        assertThat(MemoryImage.of(struct, new Constant.Fields(List.of(number(1), number(2)))))
                .hasToString("0100000002000000");
    }
}
