package dev.turnout.driver.run;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which program of an object is meant. */
public final class ProgramChoice {
    private ProgramChoice() {}

    /**
     * The program of this name, or the only one if no name is given.
     *
     * @return empty if something was reported
     */
    public static Optional<BpfProgram> one(BpfObject object, Optional<String> name, Diagnostics diagnostics) {
        List<ObjectFunction> programs = object.programs();
        if (name.isPresent()) {
            return ProgramLoader.load(object, name.get(), diagnostics);
        }
        if (programs.size() == 1) {
            return ProgramLoader.load(object, programs.getFirst().name(), diagnostics);
        }
        diagnostics.report(
                programs.isEmpty()
                        ? Diagnostic.general(DiagnosticCode.U0105, "the file has no program")
                                .withHelp("a program begins like `prog xdp name(ctx: *XdpCtx) -> XdpAction {`")
                        : Diagnostic.general(
                                        DiagnosticCode.U0105,
                                        "the file has " + programs.size() + " programs, and none was chosen")
                                .withHelp("choose one with `--prog`: "
                                        + programs.stream()
                                                .map(ObjectFunction::name)
                                                .collect(Collectors.joining("`, `", "`", "`"))));
        return Optional.empty();
    }
}
