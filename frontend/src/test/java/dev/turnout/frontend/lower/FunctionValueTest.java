package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionValueTest {
    private static final String OPS = """
            alias Op = fn(u64, u64) -> u64;
            fn add(a: u64, b: u64) -> u64 { return a + b; }
            fn sub(a: u64, b: u64) -> u64 { return a - b; }
            fn mul(a: u64, b: u64) -> u64 { return a * b; }
            enum Kind: u8 { add, sub, mul }
            table each: [Kind]Op = { .mul => mul, .add => add, .sub => sub };
            table some: [8]Op = { 0 => add, 5..=6 => mul };
            """;

    @Test
    void aRowIsCalled() {
        Source source = Source.of(OPS + """
                fn f(n: u8, a: u64, b: u64) -> u64 {
                    let kind = Kind.from(n) else return 99;
                    return each[kind](a, b);
                }
                fn g(n: u8) -> u64 {
                    let op = some[n] else return 99;
                    return op(7, 6);
                }
                fn h(n: u32) -> u64 { if (n < 8) { return (some[n] orelse sub)(7, 6); } return 0; }
                """);
        assertThat(source.run("f", 0, 9, 4)).isEqualTo(13);
        assertThat(source.run("f", 1, 9, 4)).isEqualTo(5);
        assertThat(source.run("f", 2, 9, 4)).isEqualTo(36);
        assertThat(source.run("f", 3, 9, 4)).isEqualTo(99);
        assertThat(source.run("g", 0)).isEqualTo(13);
        assertThat(source.run("g", 1)).isEqualTo(99);
        assertThat(source.run("g", 6)).isEqualTo(42);
        assertThat(source.run("g", 8)).isEqualTo(99);
        assertThat(source.run("h", 1)).isEqualTo(1);
    }

    @Test
    void valuesLiveInLocalsParametersResultsAndStructs() {
        Source source = Source.of(OPS + """
                struct Step { n: u32, op: Op, other: ?Op }
                fn pick(n: u64) -> Op { return if (n > 3) mul else add; }
                fn twice(s: *const Step, x: u64) -> u64 {
                    let y = (s.op)(x, u64(s.n));
                    return (s.other orelse s.op)(y, u64(s.n));
                }
                fn f(n: u64, x: u64) -> u64 {
                    var s = Step{ op = pick(n), n = 3 };
                    let t = s;
                    s.op = sub;
                    return twice(&s, 100) * 1000 + twice(&t, x);
                }
                fn g(n: u64) -> u64 {
                    var op: Op = add;
                    if (n == 1) { op = sub; } else if (n == 2) { op = each[.mul]; }
                    return op(8, 2);
                }
                """);
        assertThat(source.run("f", 4, 5)).isEqualTo(94_045);
        assertThat(source.run("f", 0, 5)).isEqualTo(94_011);
        assertThat(source.run("g", 0)).isEqualTo(10);
        assertThat(source.run("g", 1)).isEqualTo(6);
        assertThat(source.run("g", 2)).isEqualTo(16);
    }

    @Test
    void tablesPassByReferenceWithOrWithoutTheirLength() {
        Source source = Source.of(OPS + """
                table two: [2]Op = { 0 => mul, 1 => sub };
                fn dispatch(t: []const Op, i: u32) -> u64 {
                    let op = t[i] else return u64(len(t)) * 1000;
                    return op(9, 2);
                }
                fn again(t: []const Op, i: u32) -> u64 { let u = t; return dispatch(u, i) + dispatch(t, i); }
                fn fixed(t: *const [2]Op, i: u32) -> u64 { return t[i & 1](9, 2); }
                fn f(i: u32) -> u64 { return dispatch(&two, i); }
                fn g(i: u32) -> u64 { return again(&two, i + 1); }
                fn h(i: u32) -> u64 { return fixed(&two, i); }
                """);
        assertThat(source.run("f", 0)).isEqualTo(18);
        assertThat(source.run("f", 1)).isEqualTo(7);
        assertThat(source.run("f", 2)).isEqualTo(2000);
        assertThat(source.run("g", 0)).isEqualTo(14);
        assertThat(source.run("g", 1)).isEqualTo(4000);
        assertThat(source.run("h", 3)).isEqualTo(7);
    }

    @Test
    void resultsOfAllShapesComeThroughAValue() {
        Source source = Source.of("""
                struct Pair { a: u32, b: u64 }
                fn pair(n: u64) -> Pair { return Pair{ a = u32(n), b = n * 2 }; }
                fn half(n: u32) -> ?u32 { if (n & 1 != 0) { return null; } return n / 2; }
                fn wide(n: u64) -> ?u64 { if (n == 0) { return null; } return n - 1; }
                fn f(n: u64) -> u64 { let g = pair; let p = g(n); return u64(p.a) + p.b; }
                fn h(n: u32) -> u32 { let g = half; return g(n) orelse 77; }
                fn k(n: u64) -> u64 { let g = wide; return g(n) orelse 77; }
                """);
        assertThat(source.run("f", 5)).isEqualTo(15);
        assertThat(source.run("h", 8)).isEqualTo(4);
        assertThat(source.run("h", 7)).isEqualTo(77);
        assertThat(source.run("k", 9)).isEqualTo(8);
        assertThat(source.run("k", 0)).isEqualTo(77);
    }

    @Test
    void aTableOfFunctionsThatSeePacketsIsMadeForEachWayOfReachingThem() {
        Source source = Source.of("""
                table first: [2]fn(*SkBuff) -> i32 = { 0 => small, 1 => large };
                fn small(ctx: *SkBuff) -> i32 { var pkt = ctx.cursor(); return i32(pkt.u8_at(0) orelse 0); }
                fn large(ctx: *SkBuff) -> i32 { var pkt = ctx.cursor(); return i32(pkt.u16_at(0) orelse 0); }
                prog tc("ingress") direct(ctx: *SkBuff) -> TcAction {
                    return if (first[ctx.mark & 1](ctx) == 0) TC_ACT_OK else TC_ACT_SHOT;
                }
                prog socket copying(ctx: *SkBuff) -> i32 { return first[ctx.mark & 1](ctx); }
                """);
        assertThat(source.lowered.module().tables())
                .extracting(CallTable::rows)
                .containsExactly(List.of("small", "large"), List.of("small__copied", "large__copied"));
        assertThat(source.lowered.module().functions().stream()
                        .flatMap(function -> function.blocks().stream())
                        .map(Block::insts)
                        .flatMap(List::stream)
                        .filter(inst -> inst.op() instanceof Operation.CallPointer)
                        .map(inst -> ((Operation.CallPointer) inst.op()).family()))
                .containsExactlyInAnyOrder("fn(*SkBuff) -> i32", "fn(*SkBuff) -> i32 copied");
    }
}
