package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NullTest {
    private static final String SOURCE = """
            enum Act: u8 { drop, pass, mark }
            enum Odd: u16 { a = 3, b = 4, c = 900 }
            fn small(x: u32) -> ?u32 { if (x < 10) { return x; } return null; }
            fn wide(x: u64) -> ?u64 { if (x != 0) { return x * 2; } return null; }
            fn check(x: u32) -> ?void { if (x == 0) { return null; } }
            struct S { a: u64, b: u8 }
            fn make(x: u64) -> ?S { if (x == 1) { return null; } return S{ a = x, b = 2 }; }

            fn let_else(x: u32) -> u32 { let v = small(x) else return 99; return v + 1; }
            fn if_let(x: u32) -> u32 { if (let v = small(x)) { return v + 1; } else { return 98; } }
            fn or_else(x: u32) -> u32 { return (small(x) orelse 50) + 1; }
            fn or_else_null(x: u32, y: u32) -> u32 { return (small(x) orelse small(y)) orelse 77; }
            fn pass_on(x: u32) -> ?u32 { return small(x)? + 5; }
            fn fails(x: u32) -> u32 fails 42 { return small(x)? + small(x + 1)?; }
            fn kept(x: u64) -> u64 { let m = wide(x); if (m == null) { return 7; } return m orelse 0; }
            fn nothing(x: u32) -> u32 fails 3 { check(x)?; return 4; }
            fn aggregate(x: u64) -> u64 { let s = make(x) else return 5; return s.a * 10 + u64(s.b); }
            fn aggregate_or(x: u64) -> u64 { let s = make(x) orelse S{ a = 8 }; return s.a * 10 + u64(s.b); }
            fn from(n: u32) -> u32 { let a = Act.from(n) else return 9; return u32(u8(a)); }
            fn from_odd(n: u32) -> u32 { let a = Odd.from(n) else return 9; return u32(u16(a)); }
            fn through(m: ?u32) -> u32 { return m orelse 11; }
            fn given(x: u32) -> u32 { return through(small(x)); }
            """;
    private final Source source = Source.of(SOURCE);

    @Test
    void whatIsThereIsUsedAndWhatIsNotLeaves() {
        assertThat(source.run("let_else", 4)).isEqualTo(5);
        assertThat(source.run("let_else", 10)).isEqualTo(99);
        assertThat(source.run("if_let", 4)).isEqualTo(5);
        assertThat(source.run("if_let", 10)).isEqualTo(98);
        assertThat(source.run("or_else", 0)).isEqualTo(1);
        assertThat(source.run("or_else", 10)).isEqualTo(51);
        assertThat(source.run("or_else_null", 10, 3)).isEqualTo(3);
        assertThat(source.run("or_else_null", 10, 13)).isEqualTo(77);
    }

    @Test
    void nullIsPassedOn() {
        assertThat(source.run("pass_on", 4)).isEqualTo(1L << 32 | 9);
        assertThat(source.run("pass_on", 11) >>> 32).isZero();
        assertThat(source.run("fails", 4)).isEqualTo(9);
        assertThat(source.run("fails", 9)).isEqualTo(42);
        assertThat(source.run("given", 9)).isEqualTo(9);
        assertThat(source.run("given", 10)).isEqualTo(11);
    }

    @Test
    void wideNumbersNothingAndAggregatesCanBeNullToo() {
        assertThat(source.run("kept", 0)).isEqualTo(7);
        assertThat(source.run("kept", 4)).isEqualTo(8);
        assertThat(source.run("nothing", 0)).isEqualTo(3);
        assertThat(source.run("nothing", 1)).isEqualTo(4);
        assertThat(source.run("aggregate", 1)).isEqualTo(5);
        assertThat(source.run("aggregate", 3)).isEqualTo(32);
        assertThat(source.run("aggregate_or", 1)).isEqualTo(80);
        assertThat(source.run("aggregate_or", 3)).isEqualTo(32);
    }

    @Test
    void membershipOfAnEnumIsTested() {
        assertThat(source.run("from", 2)).isEqualTo(2);
        assertThat(source.run("from", 3)).isEqualTo(9);
        assertThat(source.run("from", 256)).isEqualTo(9);
        assertThat(source.run("from_odd", 4)).isEqualTo(4);
        assertThat(source.run("from_odd", 5)).isEqualTo(9);
        assertThat(source.run("from_odd", 900)).isEqualTo(900);
        assertThat(source.run("from_odd", 900 + 65536)).isEqualTo(9);
    }
}
