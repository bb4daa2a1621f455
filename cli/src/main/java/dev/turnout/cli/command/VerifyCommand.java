package dev.turnout.cli.command;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.KernelInput;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.explain.DecidedChoice;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.ProgramChoice;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.driver.stage.InvariantText;
import dev.turnout.driver.stage.Stage;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.log.KernelLog;
import dev.turnout.verifier.specialize.Specializer;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/**
 * {@code verify FILE}: what the verifier says of each program of a text or an object, one after the other, a line each; below the
 * line the reason of a rejection. One program does not stop the others: an object is what its author wants to know about.
 */
final class VerifyCommand implements Command {
    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String summary() {
        return "proves the programs of a source or object file safe, or says what could not be proven";
    }

    @Override
    public String arguments() {
        return "FILE [--prog NAME] [--config NAME=VALUE]… [--btf FILE] [--explain] [--emit invariants] [--log kernel]"
                + " [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.value("prog", "NAME", "one program only"))
                .addOption(CommonOptions.config())
                .addOption(CommonOptions.kernelTypes())
                .addOption(CommonOptions.flag(
                        "explain", "says which choices the values of `config` make, and what dies of it"))
                .addOption(CommonOptions.value(
                        "emit", "invariants", "what holds before each instruction of a program that is accepted"))
                .addOption(
                        CommonOptions.value("log", "kernel", "the verdict in the style of Linux's log instead of ours"))
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        for (Stage stage : Dumping.stages(invocation)) {
            if (stage != Stage.INVARIANTS) {
                throw invocation.usage("`verify` shows `invariants` only; `dump` shows `" + stage.word() + "`");
            }
        }
        String log = invocation.value("log").orElse("kernel");
        if (!log.equals("kernel")) {
            throw invocation.usage("`--log` takes `kernel`, not `" + log + "`");
        }
        BpfObject object = ObjectInput.open(invocation, TargetProfile.VM, false).configured(invocation);
        if (invocation.has("prog") || object.programs().isEmpty()) {
            Diagnostics loading = new Diagnostics();
            Optional<BpfProgram> program = ProgramChoice.one(object, invocation.value("prog"), loading);
            invocation.console().report(loading);
            return program.isEmpty()
                    ? ExitCode.USAGE
                    : verify(invocation, new KernelInput(invocation).before(program.get()))
                            ? ExitCode.SUCCESS
                            : ExitCode.PROGRAM_WRONG;
        }
        return verifyAll(invocation, object);
    }

    private static ExitCode verifyAll(Invocation invocation, BpfObject object) {
        List<ObjectFunction> programs = object.programs();
        int accepted = 0;
        int rejected = 0;
        KernelInput kernel = new KernelInput(invocation);
        for (ObjectFunction one : programs) {
            Diagnostics loading = new Diagnostics();
            Optional<BpfProgram> program = ProgramLoader.load(object, one.name(), loading);
            invocation.console().report(loading);
            if (program.isPresent() && verify(invocation, kernel.before(program.get()))) {
                accepted++;
            } else if (program.isPresent()) {
                rejected++;
            }
        }
        int unloadable = programs.size() - accepted - rejected;
        if (programs.size() > 1 && !invocation.console().json()) {
            invocation
                    .console()
                    .line(VerdictLine.count(programs.size(), "program") + ": " + accepted + " accepted, " + rejected
                            + " rejected" + (unloadable == 0 ? "" : ", " + unloadable + " not loadable"));
        }
        return rejected > 0 ? ExitCode.PROGRAM_WRONG : unloadable > 0 ? ExitCode.USAGE : ExitCode.SUCCESS;
    }

    /** Whether the program is accepted. */
    private static boolean verify(Invocation invocation, BpfProgram program) {
        ProgramVerdict result = ProgramVerdict.predicted(program);
        boolean json = invocation.console().json();
        invocation.console().line(json ? VerdictLine.json(result) : VerdictLine.text(result));
        if (invocation.has("log")) {
            String log = KernelLog.of(program, result.verdict());
            invocation.console().print(json ? new JsonLine().text("log", log) + "\n" : log);
        }
        return switch (result.verdict()) {
            case Verdict.Verified verified -> {
                if (invocation.has("emit")) {
                    String text = InvariantText.of(verified.program());
                    invocation
                            .console()
                            .print(
                                    json
                                            ? new JsonLine()
                                                            .text("stage", Stage.INVARIANTS.word())
                                                            .text("text", text)
                                                    + "\n"
                                            : text);
                }
                if (invocation.has("explain")) {
                    DecidedChoice.of(Specializer.specialize(verified.program()))
                            .forEach(choice -> invocation.console().line(json ? choice.json() : choice.text()));
                }
                yield true;
            }
            case Verdict.Rejected rejected -> {
                if (invocation.has("log")) {
                    yield false;
                }
                Diagnostics why = new Diagnostics();
                rejected.violations().forEach(violation -> why.report(violation.diagnostic(program)));
                invocation.console().report(why);
                yield false;
            }
        };
    }
}
