package dev.turnout.ir.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine itself, against results worked out by hand from RFC 9669 and the manual. */
class EvaluatorTest {
    private static long run(String text, long... arguments) {
        Module module = IrParser.read(text);
        return new Evaluator(module, new CheckedMemory(module), 100_000).run("f", arguments);
    }

    private static String wrap(String type, String body) {
        return "function @f -> " + type + " {\nb0(a: " + type + ", b: " + type + "):\n" + body + "\n}\n";
    }

    @ParameterizedTest
    @CsvSource({
        "add, i8, 255, 2, 1",
        "sub, i16, 0, 1, 65535",
        "mul, i32, 65536, 65537, 65536",
        "udiv, i8, 200, 7, 28",
        "udiv, i64, 5, 0, 0",
        "sdiv, i8, 249, 2, 253",
        "sdiv, i8, 128, 255, 128",
        "urem, i32, 17, 0, 17",
        "srem, i8, 249, 2, 255",
        "shl, i32, 1, 33, 2",
        "lshr, i8, 128, 7, 1",
        "ashr, i8, 128, 9, 192",
        "xor, i1, 1, 1, 0",
    })
    void arithmeticIsThatOfBpf(String op, String type, long a, long b, long expected) {
        assertThat(run(wrap(type, "c = " + op + " " + type + " a, b\nreturn c"), a, b))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"ult, 1, 255, 1", "slt, 1, 255, 0", "sge, 128, 127, 0", "uge, 128, 127, 1", "ne, 3, 3, 0"})
    void comparisonsKnowTheirSign(String op, long a, long b, long expected) {
        String body = "c = " + op + " i8 a, b\nd = zext i8 c\nreturn d";
        assertThat(run(wrap("i8", body), a, b)).isEqualTo(expected);
    }

    private static final String THROUGH_A_TABLE = """
            table @ops = [@double, none, @square]
            function @double family "n" -> i64 {
            b0(a: i64):
                b = add i64 a, a
                return b
            }
            function @square family "n" -> i64 {
            b0(a: i64):
                b = mul i64 a, a
                return b
            }
            function @f -> i64 {
            b0(row: i64, n: i64):
                t = address global @ops
                eight = const i64 8
                at = mul i64 row, eight
                cell = offset ptr<global> t, at
                g = load ptr<function> cell
                r = call_pointer i64 g(n) family "n"
                return r
            }
            """;

    @Test
    void aRowOfATableIsCalled() {
        assertThat(run(THROUGH_A_TABLE, 0, 7)).isEqualTo(14);
        assertThat(run(THROUGH_A_TABLE, 2, 7)).isEqualTo(49);
    }

    @Test
    void aMissingRowIsNoFunction() {
        assertThatThrownBy(() -> run(THROUGH_A_TABLE, 1, 7))
                .isInstanceOf(EvaluationFailure.class)
                .hasMessageContaining("0x0 is no function");
    }

    @Test
    void parametersAreSwappedAtOnce() {
        String text = """
                function @f -> i64 {
                b0(a: i64, b: i64, n: i64):
                    zero = const i64 0
                    jump b1(a, b, n)
                b1(x: i64, y: i64, k: i64):
                    done = eq i64 k, zero
                    one = const i64 1
                    less = sub i64 k, one
                    branch done ? b2 : b1(y, x, less)
                b2:
                    ten = const i64 10
                    z = mul i64 x, ten
                    r = add i64 z, y
                    return r
                }
                """;
        assertThat(run(text, 1, 2, 4)).isEqualTo(12);
        assertThat(run(text, 1, 2, 5)).isEqualTo(21);
    }

    @Test
    void bytesHaveTheOrderThatTheAccessSays() {
        String body = """
                s = slot 8 align 8 "s"
                store i32 a to s + 2 big
                c = load i16 s + 2
                d = zext i32 c
                return d
                """;
        assertThat(run(wrap("i32", body), 0x11223344, 0)).isEqualTo(0x2211);
    }

    @Test
    void accessOutsideOfAPieceFailsWithThePlace() {
        String body = "s = slot 8 align 8 \"key\"\nstore i32 a to s + 6\nreturn a";
        assertThatThrownBy(() -> run(wrap("i32", body), 1, 2))
                .isInstanceOf(EvaluationFailure.class)
                .hasMessage("writes bytes 6 to 9 of `key`, which has 8\n    in @f: store i32 v0 to v2 + 6");
    }

    @Test
    void whatWasNeverWrittenCannotBeRead() {
        String body = "s = slot 8 align 8 \"key\"\nc = load i32 s\nreturn c";
        assertThatThrownBy(() -> run(wrap("i32", body), 1, 2)).hasMessageContaining("never written");
    }

    @Test
    void endlessLoopsAndRecursionEnd() {
        assertThatThrownBy(() -> run("function @f -> void {\nb0:\njump b1\nb1:\njump b1\n}"))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> run("function @f -> void {\nb0:\ncall void @f()\nreturn\n}"))
                .hasMessageContaining("deeper than 64");
    }

    @Test
    void aFalseClaimFails() {
        assertThatThrownBy(() -> run(wrap("i32", "prove a < 8 site 0\nreturn a"), 8, 0))
                .hasMessageContaining("8 is not below 8");
    }

    @ParameterizedTest
    @CsvSource({"0, 14, 14, 1", "1, 14, 14, 0", "-1, 14, 14, 0", "0, 0, 0, 1", "70000, 0, 14, 0"})
    void theBoundsTestHoldsWithinThePacketOnly(long offset, int bytes, int size, long expected) {
        Module module = IrParser.read("""
                function @f -> i64 {
                b0(p: ptr<packet>, o: i64, e: ptr<packet_end>):
                    checked p + o, %d <= e ? b1 : b2
                b1(q: ptr<packet>):
                    one = const i64 1
                    return one
                b2:
                    zero = const i64 0
                    return zero
                }
                """.formatted(bytes));
        CheckedMemory memory = new CheckedMemory(module);
        long packet = memory.allocate("packet", new byte[size], true);
        assertThat(new Evaluator(module, memory, 100).run("f", packet, offset, packet + size))
                .isEqualTo(expected);
    }

    @Test
    void callsGoThroughNamesAndPointers() {
        String text = """
                function @f -> i64 {
                b0(a: i64):
                    g = address function @g
                    x = call i64 @g(a)
                    y = call_pointer i64 g(x)
                    return y
                }
                function @g -> i64 {
                b0(a: i64):
                    b = add i64 a, a
                    return b
                }
                """;
        assertThat(run(text, 3)).isEqualTo(12);
    }

    @Test
    void atomicOperationsGiveTheOldValue() {
        String text = """
                global @g: u32 data align 4 = hex "05000000"
                function @f -> i32 {
                b0(a: i32, b: i32):
                    g = address global @g
                    atomic.add i32 g, a
                    x = atomic.cmpxchg i32 g, a, b
                    y = atomic.xchg i32 g, b
                    z = add i32 x, y
                    return z
                }
                """;
        assertThat(run(text, 7, 100)).isEqualTo(24);
    }

    @Test
    void keysChooseTheWay() {
        String text = """
                key @k: u8 = 2
                function @f -> i64 {
                b0(a: i64, b: i64):
                    static_branch @k ? b1 : b2
                b1:
                    static_switch @k [0..=1 => b2] else b3
                b2:
                    return a
                b3:
                    return b
                }
                """;
        assertThat(run(text, 1, 2)).isEqualTo(2);
    }
}
