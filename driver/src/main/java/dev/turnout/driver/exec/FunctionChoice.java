package dev.turnout.driver.exec;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which function of an object is meant. */
public final class FunctionChoice {
    private static final int MOST_SHOWN = 12;

    private FunctionChoice() {}

    /**
     * The function of this name, wherever it is. If no name is given, the only function of {@code .text} that is not local to
     * its file, or the only one at all.
     *
     * @param memory bytes of memory that it is called with
     * @return empty if something was reported
     */
    public static Optional<BpfProgram> one(
            BpfObject object, Optional<String> name, long memory, Diagnostics diagnostics) {
        if (name.isPresent()) {
            return ProgramLoader.loadFunction(object, name.get(), memory, diagnostics);
        }
        List<ObjectFunction> all =
                object.section(BpfObject.TEXT).map(CodeSection::functions).orElse(List.of());
        List<ObjectFunction> global = all.stream()
                .filter(one -> one.kind() == ObjectFunction.Kind.GLOBAL)
                .toList();
        List<ObjectFunction> candidates = global.isEmpty() ? all : global;
        if (candidates.size() == 1) {
            return ProgramLoader.loadFunction(object, candidates.getFirst().name(), memory, diagnostics);
        }
        diagnostics.report(
                candidates.isEmpty()
                        ? Diagnostic.general(DiagnosticCode.U0105, "the object has no function in `.text`")
                                .withHelp("name a function of another section with `--fn`")
                        : Diagnostic.general(
                                        DiagnosticCode.U0105,
                                        "`.text` has " + candidates.size() + " functions, and none was chosen")
                                .withHelp("choose one with `--fn`: " + list(candidates)));
        return Optional.empty();
    }

    private static String list(List<ObjectFunction> functions) {
        String first = functions.stream()
                .limit(MOST_SHOWN)
                .map(ObjectFunction::name)
                .collect(Collectors.joining("`, `", "`", "`"));
        return functions.size() <= MOST_SHOWN ? first : first + " and " + (functions.size() - MOST_SHOWN) + " more";
    }
}
