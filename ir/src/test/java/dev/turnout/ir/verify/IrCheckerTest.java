package dev.turnout.ir.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.ir.text.IrParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IrCheckerTest {
    private static final String HEAD = """
            key @k: bool = 0
            global @g: u64 bss align 8 = zero 8
            map @m: hash[u32 => u32] max 1
            function @two -> i64 {
            b0(a: i64, p: ptr<any>):
                return a
            }
            function @f -> i64 {
            b0(a: i64, b: i32, c: i1, p: ptr<packet>, e: ptr<packet_end>, x: ptr<context>):
            """;

    private static List<String> violations(String body) {
        Module module = IrParser.read(HEAD + body.replace("; ", "\n") + "\n}\n");
        return IrChecker.check(module).stream().map(Violation::message).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    return b | v1 is i32, the function returns i64
                    return | a function of type i64 does not return 0 values
                    jump b0(a, b, c, p, e, x) | the entry must not be a target
                    jump b1; b1(q: i64): ; return q | b1 takes 1 arguments, not 0
                    jump b1(b); b1(q: i64): ; return q | v1 is i32, but v6 of b1 is i64
                    branch b ? b1 : b1; b1: ; return a | v1 is i32, not i1
                    branch c ? b1 : b2; b1: ; q = add i64 a, a; jump b2; b2: ; return q | the definition of v6 in b1 does not dominate this use
                    q = add i64 r, a; r = add i64 a, a; return q | the definition of v7 in b0 does not dominate this use
                    switch c [2 => b1] else b1; b1: ; return a | a case is above the largest i1
                    static_branch @z ? b1 : b1; b1: ; return a | no key is called @z
                    static_switch @z [] else b1; b1: ; return a | no key is called @z
                    checked p + b, 1 <= e ? b1 : b2; b1(q: ptr<packet>): ; return a; b2: ; return a | v1 is i32, not i64
                    checked p + a, 1 <= p ? b1 : b2; b1(q: ptr<packet>): ; return a; b2: ; return a | v3 is ptr<packet>, not ptr<packet_end>
                    checked p + a, 1 <= e ? b1 : b1; b1: ; return a | b1 needs a parameter for the reference that `checked` defines
                    checked p + a, 1 <= e ? b1 : b2; b1(q: ptr<stack>): ; return a; b2: ; return a | `checked` defines a ptr<packet>, but v6 is ptr<stack>
                    jump b1; b1: ; s = slot 4 align 4 "s"; return a | a slot must stand in the entry block
                    s = slot 0 align 4 "s"; return a | a slot needs a size
                    s = slot 4 align 3 "s"; return a | an alignment is 1, 2, 4 or 8, not 3
                    g = address global @z; return a | no global is called @z
                    g = address map @g; return a | no map is called @g
                    q = call i64 @z(a, p); return q | no function is called @z
                    q = call i64 @f(a, b, c, p, e); return q | @f takes 6 arguments, not 5
                    q = call i32 @two(a, p); return a | @two gives i64, not i32
                    q = call i64 @two(p, p); return q | v3 is ptr<packet>, argument 1 of @two is i64
                    q = select i64 b ? a : a; return q | v1 is i32, not i1
                    q = offset ptr<packet> p, b; return a | v1 is i32, not i64
                    q = difference a, a; return q | v0 is i64, not a pointer
                    q = load i8 a; return a | v0 is i64, not a pointer
                    q = load i8 e; return a | memory of region packet_end cannot be accessed
                    q = load i8 p big; return a | big order is for integers of several bytes
                    q = load_context i32 p bytes 4; return a | v3 is ptr<packet>, not ptr<context>
                    q = atomic.fetch_add i64 p, b; return q | v1 is i32, not i64
                    prove p < 3 site 1; return a | v3 is ptr<packet>, not an integer
                    """)
    void namesTheBrokenRule(String body, String message) {
        assertThat(violations(body)).contains(message);
    }

    @Test
    void aPointerMayGoWhereAnyIsAskedFor() {
        assertThat(violations("q = call i64 @two(a, p)\nreturn q")).isEmpty();
    }

    @Test
    void unreachableCodeIsNotHeldToDominance() {
        assertThat(violations("return a\nb1:\nq = add i64 r, a\njump b2\nb2:\nr = add i64 a, a\njump b1"))
                .isEmpty();
    }

    @Test
    void namesThatAreTakenTwiceAreReported() {
        Module module = IrParser.read("key @a: bool = 0\nglobal @a: u8 bss align 1 = zero 1\n");
        assertThat(IrChecker.check(module)).hasSize(1);
    }

    @Test
    void gapsInTheNumberingAndStaleTypesAreReported() {
        Value a = new Value(0, Type.Int.I32);
        Value b = new Value(2, Type.Int.I32);
        Inst inst = new Inst(b, new Operation.Opaque(a), Location.UNKNOWN);
        Value stale = new Value(0, Type.Int.I64);
        Function good = IrParser.read(HEAD + "return a\n}\n").functions().getLast();
        Function bad = good.withBlocks(List.of(new Block(
                Label.ENTRY, List.of(a), List.of(inst), new Terminator.Return(List.of(stale)), Location.UNKNOWN)));
        assertThat(IrChecker.check(bad, IrParser.read(HEAD + "return a\n}\n")))
                .extracting(Violation::message)
                .contains(
                        "v2 should have number 1: values are numbered in the order of the text",
                        "v0 is used as i64, but is i32");
    }

    @Test
    void theMessageStandsUnderItsLine() {
        Module module = IrParser.read(HEAD + "q = select i64 b ? a : a\nreturn q\n}\n");
        assertThatThrownBy(() -> IrChecker.require(module))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("    v6 = select i64 v1 ? v0 : v0\n    // ^ v1 is i32, not i1\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [@g]       | table @t names @g, which is no function to be called
                    [@p]       | table @t names @p, which is no function to be called
                    [@a, @b]   | the rows of table @t are of more than one family
                    [@a] mutable with [@b] | the rows of table @t are of more than one family
                    """)
    void rowsAreFunctionsOfOneFamily(String rows, String expected) {
        String functions = """
                function @a family "x" -> void {
                b0:
                    return
                }
                function @b family "y" -> void {
                b0:
                    return
                }
                program @p section "xdp" type xdp -> void {
                b0:
                    return
                }
                """;
        assertThat(IrChecker.check(IrParser.read("table @t = " + rows + "\n" + functions)))
                .extracting(Violation::message)
                .containsExactly(expected);
    }
}
