package dev.turnout.ir.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class IrParserTest {
    private static List<String> errors(String text) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(IrParser.parse(new SourceFile("t.ir", text), diagnostics)).isEmpty();
        return diagnostics.all().stream()
                .map(one -> one.code() + " "
                        + one.primary()
                                .map(label ->
                                        label.span().line() + ":" + label.span().column())
                                .orElse("?")
                        + " " + one.message())
                .toList();
    }

    private static String function(String... lines) {
        return "function @f -> i32 {\nb0(a: i32):\n" + String.join("\n", lines) + "\n}\n";
    }

    @Test
    void namesAreNumberedInTheOrderOfTheText() {
        Function function = IrParser.read(function("sum = add i32 a, a", "return sum"))
                .functions()
                .getFirst();
        assertThat(IrPrinter.print(function)).contains("v1 = add i32 v0, v0");
    }

    @Test
    void aUseMayStandBeforeItsDefinition() {
        String text = function("jump first", "second:", "return x", "first:", "x = add i32 a, a", "jump second");
        assertThat(IrPrinter.print(IrParser.read(text))).contains("return v1", "v1 = add i32 v0, v0");
    }

    @Test
    void negativeConstantsAreTheirTwosComplement() {
        Function function = IrParser.read(function("m = const i32 -2", "return m"))
                .functions()
                .getFirst();
        assertThat(function.entry().insts().getFirst().op())
                .isEqualTo(new Operation.Const(dev.turnout.ir.model.Type.Int.I32, 0xffff_fffeL));
        assertThat(IrPrinter.print(function)).contains("const i32 -2");
    }

    @Test
    void everyLineWithAMistakeIsReported() {
        assertThat(errors(function("x = ad i32 a, a", "y = add i32 a", "return z")))
                .containsExactly(
                        "I0101 3:5 no operation is called `ad`", "I0101 5:1 `,` must stand here, not `return`");
    }

    @Test
    void aBlockWithoutTerminatorIsReported() {
        assertThat(errors(function("x = add i32 a, a"))).containsExactly("I0101 2:1 block `b0` has no terminator");
    }

    @Test
    void missingAndTakenNamesAreReported() {
        assertThat(errors(function("a = add i32 a, q", "jump b9")))
                .containsExactly(
                        "I0102 3:1 `a` is defined a second time",
                        "I0102 3:16 no value is called `q`",
                        "I0102 4:6 no block is called `b9`");
    }

    @Test
    void typesThatDoNotFitAreReported() {
        assertThat(errors(function("x = zext i64 a", "y = add i64 x, a", "return y")))
                .containsExactly("I0103 4:1 the types do not fit: v1 is i64, v0 is i32");
    }

    @Test
    void constantsThatDoNotFitAreReported() {
        assertThat(errors(function("x = const i8 256", "return a")))
                .containsExactly("I0101 3:14 the number does not fit in i8");
    }

    @Test
    void deepNestingIsAnErrorAndNoOverflow() {
        assertThat(errors("global @g: " + "[".repeat(100_000)))
                .hasSize(1)
                .first()
                .asString()
                .contains("nested deeper");
    }

    @Test
    void unclosedTextsAndFunctionsAreReported() {
        assertThat(errors("module \"x\nfunction @f -> i32 {\nb0:\n"))
                .anySatisfy(one -> assertThat(one).contains("not closed on its line"))
                .anySatisfy(one -> assertThat(one).contains("`{` of this function is not closed"));
    }
}
