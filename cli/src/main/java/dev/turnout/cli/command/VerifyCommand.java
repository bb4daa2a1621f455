package dev.turnout.cli.command;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.explain.DecidedChoice;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.ProgramChoice;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code verify FILE}: what the verifier says of each program of a text or an object. */
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
        return "FILE [--prog NAME] [--config NAME=VALUE]… [--explain] [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.value("prog", "NAME", "one program only"))
                .addOption(CommonOptions.config())
                .addOption(CommonOptions.flag(
                        "explain", "says which choices the values of `config` make, and what dies of it"))
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        BpfObject object = ObjectInput.open(invocation, TargetProfile.VM, false).configured(invocation);
        List<Optional<BpfProgram>> programs = new ArrayList<>();
        Diagnostics loading = new Diagnostics();
        if (invocation.has("prog") || object.programs().isEmpty()) {
            programs.add(ProgramChoice.one(object, invocation.value("prog"), loading));
        } else {
            for (ObjectFunction program : object.programs()) {
                programs.add(ProgramLoader.load(object, program.name(), loading));
            }
        }
        invocation.console().report(loading);
        ExitCode code = loading.hasErrors() ? ExitCode.USAGE : ExitCode.SUCCESS;
        for (Optional<BpfProgram> program : programs) {
            if (program.isPresent() && !verify(invocation, program.get())) {
                code = ExitCode.PROGRAM_WRONG;
            }
        }
        return code;
    }

    private static boolean verify(Invocation invocation, BpfProgram program) {
        ProgramVerdict result = ProgramVerdict.predicted(program);
        if (invocation.console().json()) {
            invocation.console().line(json(result));
        } else {
            invocation.console().line(text(result));
        }
        return switch (result.verdict()) {
            case Verdict.Verified verified -> {
                if (invocation.has("explain")) {
                    DecidedChoice.of(Specializer.specialize(verified.program()))
                            .forEach(choice -> invocation
                                    .console()
                                    .line(invocation.console().json() ? choice.json() : choice.text()));
                }
                yield true;
            }
            case Verdict.Rejected rejected -> {
                Diagnostics why = new Diagnostics();
                for (Violation violation : rejected.violations()) {
                    why.report(violation.diagnostic(program));
                }
                invocation.console().report(why);
                yield false;
            }
        };
    }

    private static String text(ProgramVerdict result) {
        return switch (result.verdict()) {
            case Verdict.Verified verified ->
                result.program().name() + ": accepted ("
                        + result.program().code().insns().size() + " instructions, " + verified.steps() + " steps)";
            case Verdict.Rejected _ -> result.program().name() + ": rejected";
        };
    }

    /** The members and their order are part of the command line's contract. */
    private static String json(ProgramVerdict result) {
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
                .number("ns", result.nanos())
                .toString();
    }
}
