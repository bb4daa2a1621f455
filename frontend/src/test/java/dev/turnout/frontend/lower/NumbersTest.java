package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    private static long eval(String type, String expression, long... arguments) {
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < arguments.length; i++) {
            parameters
                    .append(i == 0 ? "" : ", ")
                    .append((char) ('a' + i))
                    .append(": ")
                    .append(type);
        }
        return Source.of("fn f(" + parameters + ") -> " + type + " { return " + expression + "; }")
                .run("f", arguments);
    }

    @Test
    void narrowArithmeticWraps() {
        assertThat(eval("u8", "a + b", 250, 10)).isEqualTo(4);
    }

    @Test
    void divisionByZeroIsZeroAndTheRemainderTheDividend() {
        assertThat(eval("u32", "a / b", 7, 0)).isZero();
        assertThat(eval("u32", "a % b", 7, 0)).isEqualTo(7);
    }

    @Test
    void signedDivisionTruncates() {
        assertThat(eval("i32", "a / b", 0xffff_fff9L, 2)).isEqualTo(0xffff_fffdL);
        assertThat(eval("i64", "a >> 1", -3)).isEqualTo(-2);
    }

    @ParameterizedTest
    @CsvSource({"u8, 8", "u16, 16", "u32, 32", "u64, 64"})
    void countsOfZeroAreTheWidth(String type, long width) {
        assertThat(eval(type, type + "(clz(a))", 0)).isEqualTo(width);
        assertThat(eval(type, type + "(ctz(a))", 0)).isEqualTo(width);
        assertThat(eval(type, type + "(popcount(a))", 0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"u8, 0x16", "u16, 0x0b40", "u32, 0x00f00100", "u64, 0x0008000100000000"})
    void bitsAreCounted(String type, String hex) {
        long value = Long.decode(hex);
        int width = Integer.parseInt(type.substring(1));
        assertThat(eval(type, type + "(popcount(a))", value)).isEqualTo(Long.bitCount(value));
        assertThat(eval(type, type + "(ctz(a))", value)).isEqualTo(Long.numberOfTrailingZeros(value));
        assertThat(eval(type, type + "(clz(a))", value)).isEqualTo(Long.numberOfLeadingZeros(value) - (64 - width));
    }

    @Test
    void minAndMaxHeedTheSign() {
        assertThat(eval("i32", "min(a, b)", 0xffff_ffffL, 1)).isEqualTo(0xffff_ffffL);
        assertThat(eval("u32", "min(a, b)", 0xffff_ffffL, 1)).isEqualTo(1);
        assertThat(eval("i8", "max(a, b)", 0x80, 0x7f)).isEqualTo(0x7f);
    }

    @Test
    void rotatingGoesAllTheWayRound() {
        assertThat(eval("u32", "rotl(a, 4)", 0x8000_0001L)).isEqualTo(0x18);
        assertThat(eval("u32", "rotl(a, b)", 0x1234_5678L, 0)).isEqualTo(0x1234_5678L);
    }

    @Test
    void conversionsExtendAsTheSourceIsSigned() {
        Source source = Source.of("""
                fn f(a: i8) -> u32 { return u32(a); }
                fn g(a: u8) -> i64 { return i64(a); }
                fn i(a: bool) -> u16 { return u16(a); }
                """);
        assertThat(source.run("f", 0xff)).isEqualTo(0xffff_ffffL);
        assertThat(source.run("g", 0xff)).isEqualTo(0xff);
        assertThat(source.run("i", 1)).isEqualTo(1);
    }

    @Test
    void networkOrderIsKeptAndConstantsAreSwapped() {
        Source source = Source.of("""
                fn is_http(p: be16) -> bool { return p == 80; }
                fn low(p: be16) -> bool { return p < 1024; }
                fn masked(p: be16) -> bool { return p & 0x1fff != 0; }
                fn host(p: be16) -> u16 { return p.host(); }
                fn net(n: u16) -> be16 { return be16(n); }
                """);
        assertThat(source.run("is_http", 0x5000)).isEqualTo(1);
        assertThat(source.run("is_http", 0x0050)).isZero();
        assertThat(source.run("low", 0x0004)).isZero();
        assertThat(source.run("low", 0xff03)).isEqualTo(1);
        assertThat(source.run("masked", 0x00e0)).isZero();
        assertThat(source.run("masked", 0x01e0)).isEqualTo(1);
        assertThat(source.run("host", 0x5000)).isEqualTo(80);
        assertThat(source.run("net", 80)).isEqualTo(0x5000);
    }

    @Test
    void theRightOperandIsEvaluatedOnlyIfNeeded() {
        Source source = Source.of("""
                var seen: u32 = 0;
                fn note(x: bool) -> bool { seen += 1; return x; }
                fn both(a: bool, b: bool) -> u32 { let c = note(a) && note(b); return seen * 2 + u32(c); }
                fn any(a: bool, b: bool) -> u32 { if (note(a) || note(b)) { return seen * 2 + 1; } return seen * 2; }
                """);
        assertThat(source.run("both", 0, 1)).isEqualTo(2);
        assertThat(source.run("both", 1, 1)).isEqualTo(5);
        assertThat(source.run("any", 1, 0)).isEqualTo(3);
        assertThat(source.run("any", 0, 0)).isEqualTo(4);
    }
}
