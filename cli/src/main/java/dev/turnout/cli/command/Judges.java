package dev.turnout.cli.command;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.cli.Console;
import dev.turnout.cli.EndedException;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.KernelInput;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.explain.DecidedChoice;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.KernelOpinion;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.driver.stage.InvariantText;
import dev.turnout.driver.stage.Stage;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.log.KernelLog;
import dev.turnout.verifier.specialize.Specializer;
import java.util.Optional;

/** Our verifier and, if it is to be asked, the running kernel: what {@code verify} says of one program after the other. */
final class Judges implements AutoCloseable {
    private final Invocation invocation;
    private final Console console;
    private final KernelInput types;
    private final Optional<KernelObject> kernel;

    /** @param kernel closed with this */
    Judges(Invocation invocation, Optional<KernelObject> kernel) {
        this.invocation = invocation;
        this.console = invocation.console();
        this.types = new KernelInput(invocation);
        this.kernel = kernel;
    }

    /**
     * Shows what they say; whether all of them accept the program. Ends the command if the kernel does not let us ask.
     *
     * @param loaded whether the kernel is asked, if it is among them: nobody loads an optional program that was not chosen
     */
    boolean accept(BpfProgram given, boolean loaded) {
        BpfProgram program = types.before(given);
        ProgramVerdict ours = ProgramVerdict.predicted(program);
        Optional<KernelOpinion> theirs = kernel.filter(_ -> loaded).map(one -> asked(one, given));
        if (console.json()) {
            JsonLine line = VerdictLine.json(ours);
            console.line(theirs.map(one -> KernelVerdictText.json(line, ours, one))
                    .orElse(line)
                    .toString());
        } else {
            console.line(VerdictLine.text(ours));
            theirs.ifPresent(one -> console.print(KernelVerdictText.text(ours, one)));
            if (kernel.isPresent() && theirs.isEmpty()) {
                console.line(
                        "    the kernel is not asked: `" + program.name() + "` is optional; choose it with `--prog`");
            }
        }
        if (invocation.has("log")) {
            shown("log", theirs.map(Judges::logOf).orElseGet(() -> KernelLog.of(program, ours.verdict())));
        }
        return explained(program, ours.verdict())
                && theirs.filter(KernelOpinion.Rejected.class::isInstance).isEmpty();
    }

    private KernelOpinion asked(KernelObject one, BpfProgram program) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<KernelOpinion> opinion = KernelOpinion.of(one, program, diagnostics);
        console.report(diagnostics);
        return opinion.orElseThrow(() -> new EndedException(ExitCode.USAGE));
    }

    private static String logOf(KernelOpinion opinion) {
        return switch (opinion) {
            case KernelOpinion.Accepted accepted -> "processed " + accepted.steps() + " insns\n";
            case KernelOpinion.Rejected rejected -> rejected.log();
        };
    }

    /** Shows what was asked for of a program that is accepted, or why it is not; whether it is. */
    private boolean explained(BpfProgram program, Verdict verdict) {
        switch (verdict) {
            case Verdict.Verified verified -> {
                if (invocation.has("emit")) {
                    String text = InvariantText.of(verified.program());
                    console.print(
                            console.json()
                                    ? new JsonLine()
                                                    .text("stage", Stage.INVARIANTS.word())
                                                    .text("text", text)
                                            + "\n"
                                    : text);
                }
                if (invocation.has("explain")) {
                    DecidedChoice.of(Specializer.specialize(verified.program()))
                            .forEach(choice -> console.line(console.json() ? choice.json() : choice.text()));
                }
                return true;
            }
            case Verdict.Rejected rejected -> {
                if (!invocation.has("log") || kernel.isPresent()) {
                    Diagnostics why = new Diagnostics();
                    rejected.violations().forEach(violation -> why.report(violation.diagnostic(program)));
                    console.report(why);
                }
                return false;
            }
        }
    }

    private void shown(String name, String text) {
        console.print(console.json() ? new JsonLine().text(name, text) + "\n" : text);
    }

    @Override
    public void close() {
        kernel.ifPresent(KernelObject::close);
    }
}
