package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.frontend.typed.TypedText;
import org.junit.jupiter.api.Test;

/** Section "Numbers" of the language reference. */
class NumbersTest {
    /** The text of the one statement of a function's body. */
    private static String statement(String signature, String statement) {
        String text = TypedText.of(
                Checked.of("fn f" + signature + " { " + statement + " }").good());
        String body = text.substring(text.indexOf('{') + 1, text.lastIndexOf('}'));
        return body.strip();
    }

    private static String result(String signature, String expression) {
        String text = statement(signature, "return " + expression + ";");
        return text.substring("return ".length(), text.length() - 1);
    }

    @Test
    void aLiteralTakesTheTypeOfItsUse() {
        assertThat(result("(a: u8) -> u8", "a + 1")).isEqualTo("(a add 1)");
        assertThat(statement("()", "let x = 5;")).isEqualTo("let x: u64 = 5;");
        assertThat(statement("()", "let x = -5;")).isEqualTo("let x: i64 = -5;");
        assertThat(Checked.of("fn f() -> u8 { return 256; }").reports()).containsExactly("E0302 1:23");
    }

    @Test
    void constantExpressionsAreExactUntilTheyAreUsed() {
        assertThat(result("() -> u8", "(1 << 40) / (1 << 38) + 0xff - 0xfe")).isEqualTo("5");
        assertThat(result("() -> i8", "-7 / 2")).isEqualTo("-3");
        assertThat(result("() -> i8", "-7 % 2")).isEqualTo("-1");
    }

    @Test
    void theComplementOfALiteralHasTheWidthOfItsContext() {
        assertThat(result("(x: u16) -> u16", "x & ~7")).isEqualTo("(x and 65528)");
        assertThat(result("(x: u64) -> u64", "x & ~7")).isEqualTo("(x and 18446744073709551608)");
        assertThat(result("() -> u8", "~0")).isEqualTo("255");
        assertThat(Checked.of("fn f() -> u8 { return ~256; }").reports()).containsExactly("E0302 1:23");
    }

    @Test
    void onlyUnsignedNumbersWiden() {
        assertThat(result("(a: u8, b: u32) -> u32", "a + b")).isEqualTo("(zero_extend<u32>(a) add b)");
        assertThat(result("(a: u8) -> u64", "a")).isEqualTo("zero_extend<u64>(a)");
        assertThat(Checked.of("fn f(a: i8) -> i32 { return a; }").reports()).containsExactly("E0301 1:29");
        assertThat(Checked.of("fn f(a: u8, b: i32) -> i32 { return a + b; }").reports())
                .containsExactly("E0303 1:37");
        assertThat(Checked.of("fn f(a: u32) -> u8 { return a; }").reports()).containsExactly("E0301 1:29");
    }

    @Test
    void arithmeticHasTheWidthOfItsType() {
        assertThat(result("(a: u8, b: u8) -> u32", "a + b")).isEqualTo("zero_extend<u32>((a add b))");
        assertThat(result("() -> u8", "u8(200) + u8(100)")).isEqualTo("44");
    }

    @Test
    void conversionsCutOrExtendAsTheSourceIsSigned() {
        assertThat(result("(a: i8) -> u32", "u32(a)")).isEqualTo("sign_extend<u32>(a)");
        assertThat(result("(a: u8) -> i32", "i32(a)")).isEqualTo("zero_extend<i32>(a)");
        assertThat(result("(a: u32) -> u8", "u8(a)")).isEqualTo("truncate<u8>(a)");
        assertThat(result("(a: i32) -> u32", "u32(a)")).isEqualTo("same_bits<u32>(a)");
        assertThat(result("(a: bool) -> u32", "u32(a)")).isEqualTo("zero_extend<u32>(a)");
        assertThat(result("() -> i32", "i32(i8(-1))")).isEqualTo("-1");
    }

    @Test
    void signednessDecidesTheOperation() {
        assertThat(result("(a: i32, b: i32) -> i32", "a / b")).isEqualTo("(a sdiv b)");
        assertThat(result("(a: u32, b: u32) -> u32", "a / b")).isEqualTo("(a udiv b)");
        assertThat(result("(a: i32, n: u8) -> i32", "a >> n")).isEqualTo("(a ashr zero_extend<i32>(n))");
        assertThat(result("(a: u8, n: u64) -> u8", "a >> n")).isEqualTo("(a lshr truncate<u8>(n))");
        assertThat(result("(a: i32, b: i32) -> bool", "a < b")).isEqualTo("(a slt b)");
    }

    @Test
    void networkOrderMeetsConstantsAsNumbers() {
        assertThat(result("(p: be16) -> bool", "p == 80")).isEqualTo("(p eq 80)");
        assertThat(result("(p: be16) -> bool", "p & 0x1fff != 0")).isEqualTo("((p and 8191) ne 0)");
        assertThat(result("(p: be16) -> bool", "p < 1024")).isEqualTo("(p ult 1024)");
        assertThat(result("(p: be16) -> u16", "p.host() + 1")).isEqualTo("(to_host<u16>(p) add 1)");
        assertThat(result("(n: u16) -> be16", "be16(n)")).isEqualTo("to_network<be16>(n)");
        assertThat(Checked.of("fn f(p: be16) -> be16 { return p + 1; }").reports())
                .containsExactly("E0304 1:32");
        assertThat(Checked.of("fn f(p: be16) -> u32 { return u32(p); }").reports())
                .containsExactly("E0305 1:31");
        assertThat(Checked.of("fn f(p: be16, n: u16) -> bool { return p == n; }")
                        .reports())
                .containsExactly("E0303 1:40");
    }

    @Test
    void anAddressLiteralIsInNetworkOrder() {
        assertThat(result("() -> be32", "192.0.2.1")).isEqualTo("3221225985");
        assertThat(result("(a: be32) -> bool", "a & 255.0.0.0 == 10.0.0.0"))
                .isEqualTo("((a and 4278190080) eq 167772160)");
    }

    @Test
    void divisionByAConstantZeroAndWideShiftsAreMistakes() {
        assertThat(Checked.of("fn f(a: u32) -> u32 { return a / 0; }").reports())
                .containsExactly("E0322 1:30");
        assertThat(Checked.of("fn f(a: u32) -> u32 { return a >> 32; }").reports())
                .containsExactly("E0322 1:35");
        assertThat(Checked.of("fn f() -> u32 { return 1 % 0; }").reports()).containsExactly("E0322 1:24");
        assertThat(Checked.of("const N: u32 = 0; fn f(a: u32) -> u32 { return a % N; }")
                        .reports())
                .containsExactly("E0322 1:48");
    }

    @Test
    void builtInNumberFunctionsFold() {
        assertThat(result("() -> u32", "popcount(u8(0xff)) + clz(u16(1)) + ctz(u32(8))"))
                .isEqualTo("26");
        assertThat(result("() -> u16", "bswap(u16(0x1234))")).isEqualTo("13330");
        assertThat(result("() -> u8", "rotl(u8(0x81), 1)")).isEqualTo("3");
        assertThat(result("(a: u8) -> u8", "min(a, 64)")).isEqualTo("min(a, 64)");
        assertThat(result("() -> i8", "max(-3, 2)")).isEqualTo("2");
    }
}
