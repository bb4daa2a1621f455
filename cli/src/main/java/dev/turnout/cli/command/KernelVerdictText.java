package dev.turnout.cli.command;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.KernelOpinion;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.linux.report.Complaint;
import dev.turnout.verifier.Verdict;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code verify --engine kernel} says beside our verdict: the running kernel's, and whether the two agree. */
final class KernelVerdictText {
    private KernelVerdictText() {}

    static boolean agrees(ProgramVerdict ours, KernelOpinion theirs) {
        return ours.verdict() instanceof Verdict.Verified == theirs instanceof KernelOpinion.Accepted;
    }

    /** Lines below the line of our verdict; each ends in a new line. */
    static String text(ProgramVerdict ours, KernelOpinion theirs) {
        StringBuilder text = new StringBuilder("  ").append(RunningKernel.here().words());
        switch (theirs) {
            case KernelOpinion.Accepted accepted ->
                text.append(String.format(
                        Locale.ROOT,
                        ": accepted (%s, %.1f ms)%n",
                        VerdictLine.count(accepted.steps(), "step"),
                        accepted.nanos() / 1e6));
            case KernelOpinion.Rejected rejected -> {
                text.append(": rejected");
                rejected.error().ifPresent(error -> text.append(" (").append(error));
                rejected.complaint()
                        .steps()
                        .ifPresent(steps -> text.append(", ").append(VerdictLine.count(steps, "step")));
                text.append(rejected.error().isPresent() ? "): " : ": ")
                        .append(rejected.message())
                        .append('\n');
                text.append(lastWords(ours.program(), rejected.complaint()));
                if (!rejected.complaint().message().isEmpty()
                        && !rejected.why().message().contains(rejected.message())) {
                    text.append("    ").append(rejected.why().message()).append('\n');
                }
                rejected.why()
                        .helps()
                        .forEach(help -> text.append("    ").append(help).append('\n'));
            }
        }
        if (!agrees(ours, theirs)) {
            text.append(
                    theirs instanceof KernelOpinion.Accepted
                            ? "  they disagree: Turnout refuses what Linux accepts\n"
                            : theirs instanceof KernelOpinion.Rejected rejected
                                            && rejected.complaint().effort()
                                    ? "  they disagree: Turnout proves it safe, Linux gave up\n"
                                    : "  they disagree: Turnout accepts what Linux refuses\n");
        }
        return text.toString();
    }

    /** The end of the log, each instruction below the source line that it came from. */
    private static String lastWords(BpfProgram program, Complaint complaint) {
        StringBuilder text = new StringBuilder();
        Optional<LineInfo> shown = Optional.empty();
        for (String line : complaint.last()) {
            OptionalInt slot = Complaint.slotOf(line);
            Optional<LineInfo> at =
                    slot.isPresent() && slot.getAsInt() < program.code().size()
                            ? program.lineAt(slot.getAsInt())
                            : Optional.empty();
            if (at.isPresent() && !at.equals(shown)) {
                text.append("    ")
                        .append(at.get().file())
                        .append(':')
                        .append(at.get().line())
                        .append(": ")
                        .append(at.get().text().strip())
                        .append('\n');
                shown = at;
            }
            text.append("      ").append(line).append('\n');
        }
        return text.toString();
    }

    /** Members for our verdict's object: the kernel's verdict with names like ours, and whether they agree. */
    static JsonLine json(JsonLine to, ProgramVerdict ours, KernelOpinion theirs) {
        JsonLine kernel = new JsonLine().text("release", RunningKernel.here().release());
        switch (theirs) {
            case KernelOpinion.Accepted accepted ->
                kernel.text("verdict", "accepted")
                        .nothing("error")
                        .nothing("message")
                        .nothing("insn")
                        .nothing("line")
                        .number("steps", accepted.steps())
                        .number("ns", accepted.nanos())
                        .nothing("log");
            case KernelOpinion.Rejected rejected -> {
                Complaint complaint = rejected.complaint();
                kernel.text("verdict", "rejected");
                rejected.error().ifPresentOrElse(error -> kernel.text("error", error), () -> kernel.nothing("error"));
                kernel.text("message", rejected.message());
                complaint.slot().ifPresentOrElse(slot -> kernel.number("insn", slot), () -> kernel.nothing("insn"));
                line(ours.program(), complaint)
                        .ifPresentOrElse(line -> kernel.number("line", line.line()), () -> kernel.nothing("line"));
                complaint
                        .steps()
                        .ifPresentOrElse(steps -> kernel.number("steps", steps), () -> kernel.nothing("steps"));
                kernel.number("ns", rejected.nanos()).text("log", String.join("\n", complaint.last()));
            }
        }
        return to.raw("kernel", kernel.toString()).truth("agree", agrees(ours, theirs));
    }

    private static Optional<LineInfo> line(BpfProgram program, Complaint complaint) {
        OptionalInt slot = complaint.slot();
        return slot.isPresent() && slot.getAsInt() < program.code().size()
                ? program.lineAt(slot.getAsInt())
                : Optional.empty();
    }
}
