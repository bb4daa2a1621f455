package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Section "Null" of the language reference. */
class NullsTest {
    @Test
    void aNullableIsUnwrappedByFourConstructs() {
        Checked.of("""
                fn a(n: ?u32) -> u32 { let v = n else return 0; return v; }
                fn b(n: ?u32) -> u32 { if (let v = n) { return v; } return 0; }
                fn c(n: ?u32) -> u32 { return (n orelse 0) + 1; }
                fn d(n: ?u32) -> ?u32 { return n? + 1; }
                fn e(n: ?u32) -> u32 fails 7 { return n? + 1; }
                fn g(n: ?u32) -> bool { return n == null || n != null; }
                """).good();
    }

    @Test
    void theNameOfAnIfLetHoldsInTheFirstBlockOnly() {
        assertThat(Checked.of("fn f(n: ?u32) -> u32 { if (let v = n) { return v; } else { return v; } }")
                        .reports())
                .containsExactly("E0201 1:67");
    }

    @Test
    void aComparisonDoesNotChangeTheType() {
        assertThat(Checked.of("fn f(n: ?u32) -> u32 { if (n != null) { return n; } return 0; }")
                        .reports())
                .containsExactly("E0306 1:48");
    }

    @Test
    void orelseOfANullableIsNullable() {
        Checked.of("fn f(a: ?u32, b: ?u32) -> ?u32 { return a orelse b; }").good();
        assertThat(Checked.of("fn f(a: ?u32, b: ?u32) -> u32 { return a orelse b; }")
                        .reports())
                .containsExactly("E0306 1:40");
    }

    @Test
    void aResultThatMayBeNullIsNotDropped() {
        assertThat(Checked.of("fn f(pkt: *Cursor) { pkt.skip(4); }").reports()).containsExactly("E0316 1:22");
        Checked.of("fn f(pkt: *Cursor) { let _ = pkt.skip(4); }").good();
        Checked.of("fn f(pkt: *Cursor) -> ?void { pkt.skip(4)?; }").good();
    }

    @Test
    void aTestOfWhatIsNeverNullIsAMistake() {
        assertThat(Checked.of("fn f(n: u32) -> u32 { return n?; }").reports()).containsExactly("E0307 1:30");
        assertThat(Checked.of("fn f(n: *u32) -> bool { return n == null; }").reports())
                .containsExactly("E0307 1:32");
    }

    @Test
    void fieldsAreNotReachedThroughNull() {
        Checked checked = Checked.of("""
                struct S { x: u32 }
                map m: hash<u32, S>(4);
                fn f() -> u32 { return m[1].x; }
                """);
        assertThat(checked.reports()).containsExactly("E0306 3:24");
        assertThat(checked.words()).contains("unwrap it first");
    }

    @Test
    void aTestFailsWhereAFunctionWouldLeave() {
        Checked.of("""
                map m: hash<u32, u32>(4);
                test "there" { m[1] = 2; expect(*m[1]? == 2); }
                """).good();
    }
}
