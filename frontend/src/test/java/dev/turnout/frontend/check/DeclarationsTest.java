package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.frontend.typed.TypedText;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names, layout, constants, imports. */
class DeclarationsTest {
    @Test
    void topLevelOrderIsFree() {
        Checked.of("""
                fn f() -> u32 { return g(A); }
                const A: u32 = B * 2;
                const B = 21;
                fn g(n: u32) -> u32 { return n; }
                """).good();
    }

    @Test
    void structsLieAsInC() {
        TypedProgram program = Checked.of("struct S { a: u8, b: u32, c: u16, d: u64, e: bool }")
                .good();
        assertThat(TypedText.of(program)).contains("""
                struct S size 32 align 8 {
                    @0 a: u8
                    @4 b: u32
                    @8 c: u16
                    @16 d: u64
                    @24 e: bool
                }
                """);
    }

    @Test
    void headersLieAsOnTheWire() {
        TypedProgram program = Checked.of("header H { a: u3, b: bool, c: u12, d: be32, e: [3]u8 }")
                .good();
        assertThat(TypedText.of(program)).contains("""
                header H size 9 align 1 {
                    @0 bits 0+3 a: u3
                    @0 bits 3+1 b: bool
                    @0 bits 4+12 c: u12
                    @2 d: be32
                    @6 e: [3]u8
                }
                """);
    }

    @Test
    void aFieldIsAlignedOnDemand() {
        TypedProgram program =
                Checked.of("struct S { a: u8, @align(16) b: u32 }").good();
        assertThat(program.structs().getFirst().size()).isEqualTo(32);
        assertThat(program.structs().getFirst().fields().get(1).offset()).isEqualTo(16);
    }

    @Test
    void constantsCallFunctions() {
        TypedProgram program = Checked.of("""
                fn crc32_row(n: u32) -> u32 {
                    var c = n;
                    for (k in 0..8) { c = if (c & 1 != 0) 0xedb88320 ^ c >> 1 else c >> 1; }
                    return c;
                }
                const CRC: [4]u32 = comptime(crc32_row);
                const ONE: u32 = crc32_row(1) & 0xffff;
                fn f(i: u32) -> u32 { return CRC[i & 3] + ONE; }
                """).good();
        assertThat(TypedText.of(program)).contains("const CRC: [4]u32 = [0, 1996959894, 3993919788, 2567524794]");
    }

    @Test
    void whatIsSetAtLoadTimeIsNoConstant() {
        Checked checked = Checked.of("config n: u32 = 1;\nfn f() -> u32 { return n; }\nconst X: u32 = f();");
        assertThat(checked.reports()).containsExactly("E0321 3:16");
        assertThat(checked.diagnostics().all().getFirst().secondary().getFirst().text())
                .contains("load time");
    }

    @Test
    void anEndlessConstantIsGivenUp() {
        Checked checked = Checked.of("""
                fn f(n: u64) -> u64 { var x = n; while (true) limit 4000000000 { x += 1; } return x; }
                const X: u64 = f(1);
                """);
        assertThat(checked.reports()).containsExactly("E0321 2:16");
    }

    @Test
    void importsBringPublicNames() {
        Map<String, String> files =
                Map.of("rules.turn", "pub fn one() -> u32 { return two() - 1; } fn two() -> u32 { return 2; }");
        String text = TypedText.of(Checked.of("import \"rules.turn\";\nfn f() -> u32 { return one(); }", files)
                .good());
        assertThat(text).contains("return rules__one();").contains("fn rules__two()");
        assertThat(Checked.of("import \"rules.turn\";\nfn f() -> u32 { return two(); }", files)
                        .reports())
                .containsExactly("E0206 2:24");
        Checked.of("import \"rules.turn\" as r;\nfn f() -> u32 { return r::one(); }", files)
                .good();
        assertThat(Checked.of("import \"rules.turn\" as r;\nfn f() -> u32 { return one(); }", files)
                        .reports())
                .containsExactly("E0201 2:24");
    }

    @Test
    void importsDoNotGoInACircle() {
        Map<String, String> files = Map.of("a.turn", "import \"b.turn\";", "b.turn", "import \"a.turn\";");
        assertThat(Checked.of("import \"a.turn\";", files).reports()).containsExactly("E0205 1:8");
    }

    @Test
    void aNameOfTwoImportsNeedsItsModule() {
        Map<String, String> files = Map.of("a.turn", "pub const N: u32 = 1;", "b.turn", "pub const N: u32 = 2;");
        String imports = "import \"a.turn\";\nimport \"b.turn\";\n";
        assertThat(Checked.of(imports + "fn f() -> u32 { return N; }", files).reports())
                .containsExactly("E0207 3:24");
        Checked.of(imports + "fn f() -> u32 { return a::N + b::N; }", files).good();
        Checked.of(imports + "const N: u32 = 3;\nfn f() -> u32 { return N; }", files)
                .good();
    }

    @Test
    void namesOfTheObjectDoNotClash() {
        Map<String, String> files = Map.of("m.turn", "pub fn f() {}");
        assertThat(Checked.of("import \"m.turn\" as m;\nfn m__f() { m::f(); }", files)
                        .reports())
                .containsExactly("E0215 2:4");
    }

    @Test
    void circlesAreSaidOnce() {
        assertThat(Checked.of("struct A { b: B }\nstruct B { a: A }").reports()).containsExactly("E0208 1:8");
        assertThat(Checked.of("alias A = B;\nalias B = A;").reports()).containsExactly("E0208 1:7");
    }

    @Test
    void aLongWayThroughDeclarationsIsRefused() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append("const A").append(i).append(" = A").append(i + 1).append(" + 1;\n");
        }
        assertThat(Checked.of(text.append("const A5000 = 1;").toString()).reports())
                .startsWith("E0108 201:7");
    }

    @Test
    void recursionIsFoundInALongChain() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("fn f")
                    .append(i)
                    .append("() { f")
                    .append((i + 1) % 20_000)
                    .append("(); }\n");
        }
        assertThat(Checked.of(text.toString()).reports()).containsExactly("E0402 20000:15");
    }

    @Test
    void everyModuleOfThePreludeIsSound() {
        for (String module : dev.turnout.stdlib.prelude.Prelude.modules()) {
            String text = dev.turnout.stdlib.prelude.Prelude.module(module)
                    .orElseThrow()
                    .text();
            assertThat(Checked.of(text).diagnostics().all()).isEmpty();
        }
    }

    @Test
    void fieldsAreComputedInTheOrderOfTheText() {
        TypedProgram program = Checked.of("""
                struct P { a: u32, b: u32, c: u32 }
                fn next(n: *u32) -> u32 { *n += 1; return *n; }
                fn f() -> u32 {
                    var n: u32 = 0;
                    let p = P{ c = next(&n), a = next(&n), b = next(&n) };
                    return p.a * 100 + p.b * 10 + p.c;
                }
                const ORDER: [1]u32 = [f()];
                """).good();
        assertThat(TypedText.of(program)).contains("const ORDER: [1]u32 = [231]");
    }

    @Test
    void whatDoesNotFitInMemoryIsRefused() {
        assertThat(Checked.of("var x: [1000000000]u64;").reports()).containsExactly("E0302 1:8");
        assertThat(Checked.of("fn f() { let x = [0; 900000000]; }").reports()).containsExactly("E0302 1:18");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("var x").append(i).append(": [1000000]u64;\n");
        }
        assertThat(Checked.of(text.toString()).reports()).containsExactly("E0302 9:9");
    }
}
