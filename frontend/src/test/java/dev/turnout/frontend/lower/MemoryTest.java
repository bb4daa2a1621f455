package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void aStructIsCopiedAndItsCopyChangesAlone() {
        Source source = Source.of("""
                struct S { a: u8, b: u32, c: u16 }
                fn f(x: u32) -> u32 {
                    var s = S{ a = 1, b = x };
                    let t = s;
                    s.b += 1;
                    s = S{ a = 7, b = s.b + t.b, c = 2 };
                    return s.b * 100 + t.b * 10 + u32(s.a) + u32(t.c);
                }
                """);
        assertThat(source.run("f", 3)).isEqualTo(7 * 100 + 3 * 10 + 7);
    }

    @Test
    void aLiteralMayReadWhatItReplaces() {
        Source source = Source.of("""
                struct S { a: u32, b: u32 }
                fn f(x: u32, y: u32) -> u32 {
                    var s = S{ a = x, b = y };
                    s = S{ a = s.b, b = s.a };
                    return s.a * 10 + s.b;
                }
                """);
        assertThat(source.run("f", 3, 4)).isEqualTo(43);
    }

    @Test
    void bitFieldsOfAHeaderLieFromTheTopOfTheByteDown() {
        Source source = Source.of("""
                header H { version: u4, ihl: u4, a: u3, b: u13, x: bool, y: u6, z: bool }
                fn first(h: *const [4]u8) -> u32 { return u32(h[0]); }
                fn f() -> u32 {
                    var h = H{ version = 4, ihl = 5, b = 0x1234, y = 0x15, z = true };
                    h.ihl = 6;
                    h.b += 1;
                    h.x = !h.x;
                    return u32(h.version) << 28 | u32(h.ihl) << 24 | u32(h.b) << 8 | u32(h.x) << 7 | u32(h.y) << 1 | u32(h.z);
                }
                """);
        assertThat(source.run("f")).isEqualTo(0x4612_35abL);
    }

    @Test
    void arraysAreIndexedWithinTheirLength() {
        Source source = Source.of("""
                fn f(i: u32, v: u64) -> u64 {
                    var a: [4]u64 = [7; 4];
                    a[i & 3] = v;
                    a[1] += 1;
                    var s: u64 = 0;
                    for (k in 0..4) { s = s * 16 + a[k]; }
                    return s;
                }
                fn g(i: u32) -> u32 {
                    let a: [3]u8 = [1, 2, 3];
                    return u32(a.get(i) orelse 9);
                }
                """);
        assertThat(source.run("f", 1, 2)).isEqualTo(0x7377);
        assertThat(source.run("f", 6, 2)).isEqualTo(0x7827);
        assertThat(source.run("g", 2)).isEqualTo(3);
        assertThat(source.run("g", 3)).isEqualTo(9);
    }

    @Test
    void referencesReachThrough() {
        Source source = Source.of("""
                struct P { x: u16, y: u16 }
                fn bump(p: *P, n: *u32) { p.y += 1; *n = *n * 2; }
                fn f(a: u32) -> u32 {
                    var p = P{ x = 1, y = 2 };
                    var n = a;
                    bump(&p, &n);
                    bump(&p, &n);
                    return n * 10 + u32(p.y);
                }
                """);
        assertThat(source.run("f", 3)).isEqualTo(124);
    }

    @Test
    void globalsAndConfigurationKeepTheirInitialValues() {
        Source source = Source.of("""
                var count: u32 = 5;
                var zero: [4]u16;
                config rate: u64 = 1000;
                config table: [3]u8 = [9, 8, 7];
                const PRIMES: [4]u16 = [2, 3, 5, 7];
                fn f(i: u32) -> u64 {
                    count += 1;
                    zero[2] += 3;
                    return rate + u64(count) * 10000 + u64(zero[2]) * 100000 + u64(table[1]) + u64(PRIMES[i & 3]) * 1000000;
                }
                """);
        assertThat(source.run("f", 3)).isEqualTo(1000 + 60000 + 300000 + 8 + 7000000);
    }

    @Test
    void aggregatesComeBackFromFunctions() {
        Source source = Source.of("""
                struct S { a: u64, b: u8 }
                fn make(a: u64) -> S { return S{ a = a, b = 3 }; }
                fn twice(s: S) -> S { var t = s; t.a *= 2; return t; }
                fn f(x: u64) -> u64 {
                    let s = make(x);
                    let t = twice(s);
                    let u = if (x > 5) twice(t) else S{ a = 1 };
                    return s.a * 10000 + t.a * 100 + u.a * 10 + u64(u.b);
                }
                """);
        assertThat(source.run("f", 6)).isEqualTo(60000 + 1200 + 240 + 3);
        assertThat(source.run("f", 2)).isEqualTo(20000 + 400 + 10);
    }

    @Test
    void byteArraysAreCompared() {
        Source source = Source.of("""
                fn f(m: [6]u8) -> bool { return m == [1, 2, 3, 4, 5, 6]; }
                fn g(last: u8) -> u32 {
                    let m: [6]u8 = [1, 2, 3, 4, 5, last];
                    return u32(f(m)) * 2 + u32(m != "abc");
                }
                """);
        assertThat(source.run("g", 6)).isEqualTo(3);
        assertThat(source.run("g", 7)).isEqualTo(1);
    }

    @Test
    void aTruthValueInSharedMemoryIsAnyByteThatIsNotZero() {
        Source source = Source.of("""
                struct V { ok: bool, n: u32 }
                map m: array<u32, V>(1);
                fn f() -> u32 {
                    let v = m[0];
                    return u32(v.ok) * 10 + u32(v.ok == true);
                }
                """);
        assertThat(source.run("f")).isZero();
    }
}
