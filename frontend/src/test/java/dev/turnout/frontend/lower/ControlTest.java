package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Terminator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlTest {
    @Test
    void aForRunsFromTheLowerToBelowTheUpperBound() {
        Source source = Source.of("""
                fn f(a: u8, b: u8) -> u32 {
                    var s: u32 = 0;
                    for (i in a..b) {
                        if (i == 5) { continue; }
                        if (i == 8) { break; }
                        s = s * 10 + u32(i);
                    }
                    return s;
                }
                """);
        assertThat(source.run("f", 3, 7)).isEqualTo(346);
        assertThat(source.run("f", 6, 200)).isEqualTo(67);
        assertThat(source.run("f", 7, 3)).isZero();
    }

    @Test
    void aSignedForCountsThroughZero() {
        Source source = Source.of("""
                fn f(a: i8, b: i8) -> i32 {
                    var s: i32 = 0;
                    for (i in a..b) { s += i32(i); }
                    return s;
                }
                """);
        assertThat(source.run("f", 0xfd, 3)).isEqualTo(0xffff_fffdL);
    }

    @Test
    void aLimitStopsALoopThatWouldGoOn() {
        Source source = Source.of("""
                fn f(n: u32) -> u32 {
                    var s: u32 = 0;
                    for (i in 0..n) limit 4 { s += 1; } exhausted { s += 100; }
                    return s;
                }
                fn g(n: u32) -> u32 {
                    var x = n;
                    var rounds: u32 = 0;
                    while (x > 0) limit 5 { x -= 1; rounds += 1; }
                    return rounds * 10 + x;
                }
                """);
        assertThat(source.run("f", 3)).isEqualTo(3);
        assertThat(source.run("f", 4)).isEqualTo(4);
        assertThat(source.run("f", 5)).isEqualTo(104);
        assertThat(source.run("g", 3)).isEqualTo(30);
        assertThat(source.run("g", 9)).isEqualTo(54);
    }

    @Test
    void loopsNestAndAreLeftByName() {
        Source source = Source.of("""
                fn f(n: u32) -> u32 {
                    var s: u32 = 0;
                    outer: for (i in 0..8) {
                        for (k in 0..8) {
                            if (k == 3) { continue :outer; }
                            if (i == n & 7) { break :outer; }
                            s += 1;
                        }
                    }
                    return s;
                }
                """);
        assertThat(source.run("f", 2)).isEqualTo(6);
    }

    private static final String SWITCHES = """
            enum Color { red, green, blue }
            fn statement(x: u8) -> u32 {
                var r: u32 = 0;
                switch (x) {
                    1, 2 => r = 10,
                    5..=9 => { r = 20; }
                    7 + 3 => return 30,
                    else => r = 40,
                }
                return r + 1;
            }
            fn value(x: i16) -> u32 {
                return switch (x) { -3..=3 => 1, 100 => 2, else => 3 };
            }
            fn falls(n: u32) -> u32 {
                var c: u32 = 0;
                switch (n) {
                    3 => { c += 100; fallthrough; }
                    2 => { c += 10; fallthrough; }
                    1 => { c += 1; }
                    else => {}
                }
                return c;
            }
            fn name(c: Color) -> u32 { return switch (c) { .red => 7, .green => 8, .blue => 9 }; }
            fn named(x: u32) -> u32 { let c = Color.from(x) else return 0; return name(c); }
            fn port(p: be16) -> u32 { return switch (p) { 80 => 1, 443 => 2, else => 3 }; }
            fn ports(p: be16) -> u32 { return switch (p) { 0..=1023 => 1, 8000, 8001 => 2, else => 3 }; }
            fn truth(b: bool) -> u32 { return switch (b) { true => 5, false => 6 }; }
            fn method(b: *const [4]u8) -> u32 {
                return switch (*b) { "GET " => 1, "POST" => 2, "PUT " => 3, else => 0 };
            }
            fn tag(b: *const [3]u8) -> u32 { return switch (*b) { "abc" => 1, "abd" => 2, else => 0 }; }
            fn tags(x: u8) -> u32 {
                var m: [4]u8 = "PUT ";
                if (x == 1) { m = "POST"; }
                if (x == 2) { m[3] = 0; }
                let t: [3]u8 = [97, 98, 99 + x];
                return method(&m) * 10 + tag(&t);
            }
            fn leaves(x: u32) -> u32 { let y: u32 = switch (x) { 1 => 4, 2 => 5, else => return 6 }; return y * 2; }
            """;

    @Test
    void switchesFindTheirArm() {
        Source source = Source.of(SWITCHES);
        assertThat(source.run("statement", 2)).isEqualTo(11);
        assertThat(source.run("statement", 9)).isEqualTo(21);
        assertThat(source.run("statement", 10)).isEqualTo(30);
        assertThat(source.run("statement", 11)).isEqualTo(41);
        assertThat(source.run("value", 0xfffd)).isEqualTo(1);
        assertThat(source.run("value", 3)).isEqualTo(1);
        assertThat(source.run("value", 100)).isEqualTo(2);
        assertThat(source.run("value", 0xfffc)).isEqualTo(3);
        assertThat(source.run("falls", 3)).isEqualTo(111);
        assertThat(source.run("falls", 1)).isEqualTo(1);
        assertThat(source.run("named", 2)).isEqualTo(9);
        assertThat(source.run("port", 0xbb01)).isEqualTo(2);
        assertThat(source.run("ports", 0x411f)).isEqualTo(2);
        assertThat(source.run("ports", 0xff03)).isEqualTo(1);
        assertThat(source.run("truth", 0)).isEqualTo(6);
        assertThat(source.run("tags", 0)).isEqualTo(31);
        assertThat(source.run("tags", 1)).isEqualTo(22);
        assertThat(source.run("tags", 2)).isZero();
        assertThat(source.run("leaves", 2)).isEqualTo(10);
        assertThat(source.run("leaves", 3)).isEqualTo(6);
    }

    @Test
    void theFormThatAnAttributeDemandsIsInTheIr() {
        Source source = Source.of("""
                fn f(x: u8) -> u32 { return @jump_table(max = 64) switch (x) { 0 => 3, 1 => 4, else => 5 }; }
                """);
        List<Terminator> ends = source.lowered.module().functions().getFirst().blocks().stream()
                .map(Block::terminator)
                .filter(Terminator.Switch.class::isInstance)
                .toList();
        assertThat(ends).hasSize(1);
        Terminator.Switch made = (Terminator.Switch) ends.getFirst();
        assertThat(made.demand()).isEqualTo(Terminator.Demand.JUMP_TABLE);
        assertThat(made.maxEntries()).isEqualTo(64);
    }

    @Test
    void aStaticBranchAsksItsKey() {
        Source source = Source.of("""
                key debug = false;
                fn f() -> u32 { static_branch unlikely (debug) { return 1; } return 2; }
                """);
        assertThat(source.run("f")).isEqualTo(2);
        assertThat(source.in(world -> world.key("debug", 1)).run("f")).isEqualTo(1);
    }

    @Test
    void anIndexThatMayBeTooLargeIsAnError() {
        Source source = Source.of("""
                fn f(a: *const [16]u8, i: u8) -> u8 { return a[i]; }
                """);
        assertThat(source.errors()).containsExactly("index `i` is not shown to be below 16");
        assertThat(source.diagnostics.all().getFirst().primary().orElseThrow().text())
                .isEqualTo("is 0..=255, need 0..=15");
    }

    @Test
    void anIndexThatWasTestedIsRight() {
        Source source = Source.of("""
                fn f(a: *const [16]u8, i: u32) -> u8 { if (i >= 16) { return 0; } return a[i]; }
                fn g(a: *const [16]u8, n: u8) -> u32 {
                    var s: u32 = 0;
                    for (i in 0..min(n, 16)) { s += u32(a[i]); }
                    return s;
                }
                """);
        assertThat(source.errors()).isEmpty();
    }

    @Test
    void aLoopWithoutAnEvidentBoundIsAnError() {
        Source source = Source.of("""
                fn f(n: u32) -> u32 { var s: u32 = 0; for (i in 0..n) { s += i; } return s; }
                """);
        assertThat(source.errors()).containsExactly("this `for` is not shown to end within 65536 rounds");
    }
}
