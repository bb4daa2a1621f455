package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.frontend.typed.Symbol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionValuesTest {
    private static final String F = "fn f(n: u32) -> u32 { return n; }\n";

    @Test
    void typesCompareByStructureAndAnAliasIsOnlyAName() {
        Checked.of("alias One = fn(u32) -> u32;\nalias Two = fn(u32) -> u32;\n" + F
                        + "table t: [1]One = { 0 => f };\nfn g(h: Two) -> u32 { return h(1); }\n"
                        + "fn k() -> u32 { return g(t[0]); }")
                .good();
    }

    @Test
    void whereTheIndexIsProvenThereIsNothingToTest() {
        String tables = F + "enum E { a, b }\ntable four: [4]fn(u32) -> u32 = { else => f };\n"
                + "table each: [E]fn(u32) -> u32 = { else => f };\n";
        assertThat(Checked.of(tables + "fn g(i: u32) -> u32 { let h = four[i & 3] else return 0; return h(i); }")
                        .reports())
                .containsExactly("E0307 5:31");
        assertThat(Checked.of(tables + "fn g(e: E) -> u32 { if (each[e] == null) { return 1; } return 2; }")
                        .reports())
                .containsExactly("E0307 5:25");
        Checked.of(tables + "fn g(i: u32) -> bool { return four[i] == null || four[i & 7] == null; }")
                .good();
        Checked.of(tables + "fn g(i: u32) -> ?fn(u32) -> u32 { let h: ?fn(u32) -> u32 = four[i]; return h; }")
                .good();
    }

    @Test
    void aTableThatStatesANullableTypeMayHaveEmptyRows() {
        Symbol.Table table = Checked.of(
                        F + "enum E { a, b }\nmutable table t: [E]?fn(u32) -> u32 = { .a => f, .b => null };")
                .good()
                .tables()
                .getFirst();
        assertThat(table.type()).hasToString("[E]?fn(u32) -> u32");
        assertThat(table.nullable()).isTrue();
        assertThat(table.rows().get(1)).isNull();
        assertThat(Checked.of(F + "table t: [1]fn(u32) -> u32 = { 0 => null };").reports())
                .containsExactly("E0344 2:37");
    }

    @Test
    void candidatesOfAMutableTableAreItsRowsAndWhatSaysSoInAnyModule() {
        Symbol.Table table = Checked.of(
                        "import \"more.turn\";\n" + F + "@row(t) fn g(n: u32) -> u32 { return n; }\n"
                                + "fn h(n: u32) -> u32 { return n; }\n"
                                + "prog xdp p(ctx: *XdpCtx) -> XdpAction { return XDP_PASS; }\n"
                                + "pub mutable table unused: [1]fn(u32) -> u32 = { 0 => h };\n"
                                + "pub mutable table t: [2]fn(u32) -> u32 = { 0 => f };",
                        Map.of(
                                "more.turn",
                                "@row(mine) fn k(n: u32) -> u32 { return n; }\n"
                                        + "mutable table mine: [1]fn(u32) -> u32 = { 0 => k };"))
                .good()
                .tables()
                .stream()
                .filter(one -> one.name().equals("t"))
                .findFirst()
                .orElseThrow();
        assertThat(table.candidates()).extracting(Symbol.FunctionSymbol::name).containsExactly("f", "g");
    }

    @Test
    void aSliceTakesTwoOfTheFiveArguments() {
        String four = F + "fn g(t: []const fn(u32) -> u32, a: u32, b: u32, c: u32) -> u32 { return len(t); }\n";
        Checked.of(four).good();
        assertThat(Checked.of(four.replace("c: u32", "c: u32, d: u32")).reports())
                .containsExactly("E0401 2:4");
        assertThat(Checked.of(F + "fn g() -> []const fn(u32) -> u32 { return 0; }")
                        .reports())
                .contains("E0311 2:11");
        assertThat(Checked.of("struct S { t: []const fn(u32) -> u32 }").reports())
                .containsExactly("E0312 1:15");
    }

    @Test
    void aFieldIsCalledInParenthesesAndAFunctionWithoutThem() {
        String text = F + "struct S { f: fn(u32) -> u32, n: u32 }\nfn run(s: *const S) -> u32 { return s.n; }\n";
        Checked.of(text + "fn g(s: *const S) -> u32 { return (s.f)(s.n) + s.run(); }")
                .good();
        assertThat(Checked.of(text + "fn g(s: *const S) -> u32 { return (s.n)(1); }")
                        .reports())
                .containsExactly("E0315 4:35");
        assertThat(Checked.of(text + "fn g() -> S { return S{ n = 1 }; }").reports())
                .containsExactly("E0313 4:22");
    }

    @Test
    void aFunctionThatMayStandInARowIsReachedByItsPrograms() {
        String text = """
                table t: [2]fn() -> u64 = { else => now };
                fn now() -> u64 { print("now"); return time::ktime(); }
                prog xdp p(ctx: *XdpCtx) -> XdpAction {
                    if (t[0]() > 5) { return XDP_DROP; }
                    return XDP_PASS;
                }
                """;
        assertThat(Checked.of(text).reports()).containsExactly("E0403 2:19");
        assertThat(List.copyOf(Checked.of("license \"GPL\";\n" + text).reports()))
                .isEmpty();
    }
}
