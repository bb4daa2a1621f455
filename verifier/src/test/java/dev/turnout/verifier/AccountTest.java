package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Label;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.verifier.report.Path;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a violation is told: where the value came from, and the decisions on it. */
class AccountTest {
    /** Two decisions, of which one is about r2, which fails. */
    private static final String TEXT = """
            ; memory 64
            r2 = *(u8 *)(r1 + 0)
            r3 = *(u8 *)(r1 + 1)
            if r2 > 63 goto +4
            if r3 == 0 goto +3
            r4 = r2
            r4 += r1
            r0 = *(u64 *)(r4 + 0)
            exit
            """;

    private static final Path WAY = new Path(0, List.of(new Path.Step(2, 3), new Path.Step(3, 4)));

    private static Violation violation() {
        return Violation.of(DiagnosticCode.V0132, 6, "reads 8 bytes past the end")
                .about(Reg.R4)
                .along(WAY);
    }

    @Test
    void linesOfTheSourceSayWhereTheValueCameFromAndWhatWasDecidedOnIt() {
        BpfProgram program = withLines(DiagnosticPagesTest.program(TEXT));
        assertThat(new TerminalRenderer(false).render(violation().diagnostic(program)))
                .isEqualTo("""
                        error[V0132]: reads 8 bytes past the end
                         --> a.c:7:1
                          |
                        1 | line 1;
                          | ------- `r4` is made from the byte that this reads
                        ...
                        3 | line 3;
                          | ------- on the way here `r2 <= 63`
                        ...
                        7 | line 7;
                          | ^^^^^^^
                          = note: this is instruction 6, `r0 = *(u64 *)(r4 + 0)` of `f0`
                        """);
    }

    @Test
    void withoutLinesInstructionsSayIt() {
        Diagnostic told = violation().diagnostic(DiagnosticPagesTest.program(TEXT));
        assertThat(told.message())
                .isEqualTo("reads 8 bytes past the end (instruction 6, `r0 = *(u64 *)(r4 + 0)` of `f0`)");
        assertThat(told.notes())
                .containsExactly(
                        "instruction 0, `r2 = *(u8 *)(r1 + 0)`: `r4` is made from the byte that this reads",
                        "instruction 2, `if r2 > 63 goto +4`: on the way here `r2 <= 63`");
    }

    @Test
    void aValueThatWentThroughTheFrameInParts() {
        BpfProgram program = DiagnosticPagesTest.program("""
                ; memory 64
                r2 = *(u8 *)(r1 + 0)
                *(u64 *)(r10 - 8) = r2
                r3 = *(u32 *)(r10 - 8)
                r3 += r1
                r0 = *(u8 *)(r3 + 0)
                exit
                """);
        Diagnostic told =
                Violation.of(DiagnosticCode.V0132, 4, "message").about(Reg.R3).diagnostic(program);
        assertThat(told.notes())
                .containsExactly("instruction 2, `r3 = *(u32 *)(r10 - 8)`: this loads a part of what was stored there:"
                        + " what was known of it is lost");
    }

    @Test
    void aWayOfADecisionThatTheCodeDoesNotHaveIsNotTold() {
        Path wrong = new Path(0, List.of(new Path.Step(5, 6)));
        Diagnostic told = violation().along(wrong).diagnostic(withLines(DiagnosticPagesTest.program(TEXT)));
        assertThat(told.secondary()).extracting(Label::text).noneMatch(text -> text.startsWith("on the way"));
    }

    private static BpfProgram withLines(BpfProgram p) {
        List<LineInfo> lines = p.functions().stream()
                .flatMapToInt(f -> java.util.stream.IntStream.range(f.start(), f.end()))
                .mapToObj(slot -> new LineInfo(slot, "a.c", slot + 1, 1, "line " + (slot + 1) + ";"))
                .toList();
        return new BpfProgram(
                p.name(),
                p.section(),
                p.entry(),
                p.license(),
                p.code(),
                p.functions(),
                p.maps(),
                p.keys(),
                p.branchSites(),
                lines);
    }
}
