package dev.turnout.frontend.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.ast.AstPrinter;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Stmt;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What tree a text has. */
final class ParserTest {
    @SuppressWarnings("unused") // by FieldSource
    private static final List<String> PROGRAMS = Programs.NAMES;

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            a & b == c            ~ (== (& a b) c)
            a == b & c            ~ (== a (& b c))
            a + b * c - d         ~ (- (+ a (* b c)) d)
            a << b + c            ~ (<< a (+ b c))
            a >> b >> c           ~ (>> (>> a b) c)
            a > b && c < d || e   ~ (|| (&& (> a b) (< c d)) e)
            a orelse b + c        ~ (orelse a (+ b c))
            a | b ^ c & d         ~ (| a (^ b (& c d)))
            (a + b) * c           ~ (* (+ a b) c)
            -a.b                  ~ (- (. a b))
            *p.q(r)[s]?           ~ (* (? (index (call (. p q) r) s)))
            !-x                   ~ (! (- x))
            a - -b                ~ (- a (- b))
            if (a) b else c + d   ~ (if a b (+ c d))
            S{ a = 1, b = x::y }  ~ (struct S (a 1) (b x::y))
            [1, 2, 3]             ~ (array 1 2 3)
            [0; 16]               ~ (repeat 0 16)
            .drop                 ~ .drop
            0xff                  ~ 255
            64K                   ~ 65536
            5ms                   ~ 5000000
            1_000                 ~ 1000
            192.0.2.1             ~ 192.0.2.1
            'a'                   ~ (char 97)
            "a\\x00\\n"           ~ "a\\x00\\n"
            (a < b) == c          ~ (== (< a b) c)
            f(if (a) b else c,)   ~ (call f (if a b c))
            """)
    void expressionsGroupAsTheTableOfPrecedencesSays(String text, String tree) {
        Decl.Const one = (Decl.Const) only(clean("const X = " + text + ";"));
        assertThat(AstPrinter.print(one.value())).isEqualTo(tree);
    }

    @Test
    void armsKeepTheirOrderWithAndWithoutCommas() {
        Decl.Fn fn = (Decl.Fn)
                only(
                        clean(
                                "fn f() { switch (x) { 1 => { } 2 => { }, 3 => a(), 4, 5..=6 => { } else => switch (y) { 7 => b() } } }"));
        Stmt.Switch choose = (Stmt.Switch) fn.body().statements().getFirst();
        assertThat(choose.arms()).hasSize(5);
        assertThat(choose.arms().get(4).body()).isInstanceOf(Stmt.Switch.class);
        assertThat(choose.arms().get(0).span().text()).isEqualTo("1 => { }");
    }

    @Test
    void aSwitchMayHaveManyArms() {
        StringBuilder text = new StringBuilder("fn f() { switch (x) {");
        for (int i = 0; i < 1500; i++) {
            text.append(i).append(" => { a(").append(i).append("); }\n");
        }
        assertThat(only(clean(text.append("else => {} } }").toString()))).isInstanceOf(Decl.Fn.class);
    }

    @Test
    void elseIfIsAChainOfIfs() {
        Decl.Fn fn = (Decl.Fn) only(clean("fn f() { if (a) { } else if likely (let x = b) { } else { } }"));
        Stmt.If first = (Stmt.If) fn.body().statements().getFirst();
        assertThat(first.otherwise()).isInstanceOfSatisfying(Stmt.If.class, second -> {
            assertThat(second.span().text()).isEqualTo("if likely (let x = b) { } else { }");
            assertThat(second.otherwise()).isInstanceOf(Stmt.Block.class);
        });
    }

    @Test
    void literalsAreExact() {
        Expr value = ((Decl.Const) only(clean("const A = 0xffff_ffff_ffff_ffff_ffff;"))).value();
        assertThat(value)
                .isInstanceOfSatisfying(
                        Expr.Int.class,
                        one -> assertThat(one.value())
                                .isEqualTo(BigInteger.TWO.pow(80).subtract(BigInteger.ONE)));
    }

    @Test
    void stringsAreBytes() {
        Expr value = ((Decl.Const) only(clean("const A = \"\u00e9\\xff\";"))).value();
        assertThat(value)
                .isInstanceOfSatisfying(
                        Expr.Str.class, one -> assertThat(one.bytes()).isEqualTo("\u00c3\u00a9\u00ff"));
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void everyProgramParsesAndItsTreePrints(String program) {
        Ast.File file = clean(Programs.read(program).text());
        assertThat(AstPrinter.print(file)).doesNotContain("invalid").contains("\n  (");
    }

    @Test
    void tokensAreListedWithTheirPlace() {
        assertThat(Parser.tokens(new SourceFile("t", "fn f() {\n  x >>= 1;\n}"), new Diagnostics()))
                .isEqualTo("""
                        1:1 FN fn
                        1:4 ID f
                        1:5 LPAREN (
                        1:6 RPAREN )
                        1:8 LBRACE {
                        2:3 ID x
                        2:5 SHR_ASSIGN >>=
                        2:9 NUMBER 1
                        2:10 SEMI ;
                        3:1 RBRACE }
                        """);
    }

    private static Decl only(Ast.File file) {
        assertThat(file.declarations()).hasSize(1);
        return file.declarations().getFirst();
    }

    private static Ast.File clean(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Ast.File file = Parser.parse(new SourceFile("t", text), diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return file;
    }
}
