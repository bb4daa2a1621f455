package dev.turnout.cli.command;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.report.Violation;
import java.util.Locale;
import java.util.Optional;

/** What {@code verify} says of one program, on one line. */
final class VerdictLine {
    private VerdictLine() {}

    static String text(ProgramVerdict result) {
        BpfProgram program = result.program();
        int insns = program.code().insns().size();
        String facts = String.format(
                Locale.ROOT,
                "section `%s`, %s, %s, %.1f ms",
                program.section(),
                count(insns, "instruction"),
                count(result.verdict().steps(), "step"),
                result.nanos() / 1e6);
        return program.name()
                + switch (result.verdict()) {
                    case Verdict.Verified _ -> ": accepted (" + facts + ")";
                    case Verdict.Rejected rejected -> {
                        Violation first = rejected.violations().getFirst();
                        yield ": rejected (" + facts + "): " + first.code().name() + " "
                                + first.code().title();
                    }
                };
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** The members and their order are part of the command line's contract. */
    static JsonLine json(ProgramVerdict result) {
        BpfProgram program = result.program();
        JsonLine line = new JsonLine().text("program", program.name()).text("section", program.section());
        switch (result.verdict()) {
            case Verdict.Verified _ ->
                line.text("verdict", "accepted")
                        .nothing("code")
                        .nothing("message")
                        .nothing("insn")
                        .nothing("line");
            case Verdict.Rejected rejected -> {
                Violation first = rejected.violations().getFirst();
                line.text("verdict", "rejected")
                        .text("code", first.code().name())
                        .text("message", first.message())
                        .number("insn", first.slot());
                Optional<LineInfo> at = program.lineAt(first.slot());
                if (at.isPresent()) {
                    line.number("line", at.get().line());
                } else {
                    line.nothing("line");
                }
            }
        }
        return line.number("insns", program.code().insns().size())
                .number("steps", result.verdict().steps())
                .number("ns", result.nanos());
    }
}
