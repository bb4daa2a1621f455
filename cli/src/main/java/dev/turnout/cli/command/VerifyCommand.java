package dev.turnout.cli.command;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.run.ProgramChoice;
import dev.turnout.driver.stage.Stage;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/**
 * {@code verify FILE}: what the verifier says of each program of a text or an object, one after the other, a line each; below the
 * line the reason of a rejection. One program does not stop the others: an object is what its author wants to know about.
 *
 * <p>With {@code --engine kernel} the running kernel is asked too, on the same code: a text is built for the newest target that this kernel
 * takes, unless another is named.
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
        return "FILE [--prog NAME] [--engine kernel] [--target T] [--config NAME=VALUE]… [--btf FILE] [--explain]"
                + " [--emit invariants] [--log kernel] [--json]";
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
                .addOption(CommonOptions.value(
                        "engine", "kernel", "asks the running kernel too, and shows its verdict beside ours"))
                .addOption(
                        CommonOptions.value(
                                "target",
                                "T",
                                "what a text is built for; the default is vm, with `--engine kernel` the newest that the kernel takes"))
                .addOption(
                        CommonOptions.value(
                                "log",
                                "kernel",
                                "the verdict in the style of Linux's log instead of ours; with `--engine kernel` its whole log"))
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
        boolean kernel = asksKernel(invocation);
        TargetProfile target = kernel && !invocation.has("target")
                ? RunningKernel.target().orElse(TargetProfile.VM)
                : ObjectInput.target(invocation);
        ObjectInput input = ObjectInput.open(invocation, target, false);
        BpfObject object = input.configured(invocation);
        if (kernel && input.source().text().isPresent() && !invocation.console().json()) {
            invocation
                    .console()
                    .line("built for " + target.word() + ", on "
                            + RunningKernel.here().words());
        }
        try (Judges judges = new Judges(invocation, kernel ? Optional.of(new KernelObject()) : Optional.empty())) {
            return verify(invocation, object, judges);
        }
    }

    /** Whether the kernel is to be asked; ends the command if it cannot be. */
    private static boolean asksKernel(Invocation invocation) {
        Optional<String> engine = invocation.value("engine");
        if (engine.isPresent() && !engine.get().equals(EngineRow.KERNEL.word())) {
            throw invocation.usage("`--engine` takes `kernel`, not `" + engine.get()
                    + "`: on engines of this process our verdict is the one that counts");
        }
        // Says why it cannot be asked, if so.
        return engine.isPresent() && CommonOptions.named(engine.get()) == EngineRow.KERNEL;
    }

    private static ExitCode verify(Invocation invocation, BpfObject object, Judges judges) {
        if (!invocation.has("prog") && !object.programs().isEmpty()) {
            return verifyAll(invocation, object, judges);
        }
        Diagnostics loading = new Diagnostics();
        Optional<BpfProgram> program = ProgramChoice.one(object, invocation.value("prog"), loading);
        invocation.console().report(loading);
        return program.isEmpty()
                ? ExitCode.USAGE
                : judges.accept(program.get(), true) ? ExitCode.SUCCESS : ExitCode.PROGRAM_WRONG;
    }

    private static ExitCode verifyAll(Invocation invocation, BpfObject object, Judges judges) {
        List<ObjectFunction> programs = object.programs();
        int accepted = 0;
        int rejected = 0;
        for (ObjectFunction one : programs) {
            Diagnostics loading = new Diagnostics();
            Optional<BpfProgram> program = ProgramLoader.load(object, one.name(), loading);
            invocation.console().report(loading);
            if (program.isPresent()
                    && judges.accept(
                            program.get(),
                            !ProgramSection.isOptional(program.get().section()))) {
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
}
