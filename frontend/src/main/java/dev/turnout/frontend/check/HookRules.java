package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.PacketAccess;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a program's kind and the licence allow of everything that the program reaches. Each place is reported once. */
final class HookRules {
    /** Licences that the kernel counts as compatible with the GPL. */
    private static final List<String> GPL_COMPATIBLE =
            List.of("GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL");

    private final Compilation compilation;
    private final CallGraph calls;
    private final String license;
    private final Set<Span> reported = new HashSet<>();

    HookRules(Compilation compilation, CallGraph calls, String license) {
        this.compilation = compilation;
        this.calls = calls;
        this.license = license;
    }

    void check(FunctionSymbol program) {
        if (!(program.kind() instanceof Symbol.FunctionKind.Program kind)) {
            return;
        }
        for (FunctionSymbol function : calls.reached(program)) {
            Uses uses = compilation.bodies().uses(function);
            for (Uses.HelperCalled use : uses.helpers) {
                helper(program, kind.type(), use);
            }
            for (Uses.Slot use : uses.slots) {
                slot(program, kind, use);
            }
            PacketAccess access = kind.type().packetAccess();
            if (access != PacketAccess.DIRECT_WRITE) {
                for (Span write : uses.packetWrites) {
                    if (reported.add(write)) {
                        compilation.report(reachedFrom(
                                at(
                                        write,
                                        DiagnosticCode.E0405,
                                        Words.a(kind.type().word()) + " program cannot write the packet"),
                                program,
                                function.declared()));
                    }
                }
            }
        }
    }

    private void helper(FunctionSymbol program, ProgramType type, Uses.HelperCalled use) {
        if (!use.helper().allowedIn(type) && reported.add(use.span())) {
            compilation.report(reachedFrom(
                    at(
                            use.span(),
                            DiagnosticCode.E0404,
                            use.construct() + " is not available to `" + type.word() + "` programs"),
                    program,
                    use.span()));
        } else if (use.helper().gplOnly() && !GPL_COMPATIBLE.contains(license) && reported.add(use.span())) {
            compilation.report(at(use.span(), DiagnosticCode.E0403, use.construct() + " needs a GPL-compatible licence")
                    .withNote(
                            license.isEmpty()
                                    ? "the file states no licence"
                                    : "the licence of the file is \"" + license + "\"")
                    .withNote("the kernel lets only GPL-compatible programs call `bpf_"
                            + use.helper().word() + "`")
                    .withHelp("write `license \"GPL\";` at the top of the file"));
        }
    }

    private void slot(FunctionSymbol program, Symbol.FunctionKind.Program kind, Uses.Slot use) {
        ProgramType type = kind.type();
        AttachType attach =
                ProgramSection.of(kind.section()).map(ProgramSection::attach).orElse(type.attachedByDefault());
        boolean allowed = use.written() ? type.mayWrite(use.field(), attach) : type.mayRead(use.field(), attach);
        if (!allowed && reported.add(use.span())) {
            compilation.report(reachedFrom(
                    at(
                            use.span(),
                            DiagnosticCode.E0405,
                            Words.a(type.word()) + " program cannot " + (use.written() ? "write" : "read") + " `"
                                    + use.field().name() + "`"),
                    program,
                    use.span()));
        }
    }

    private static Diagnostic reachedFrom(Diagnostic diagnostic, FunctionSymbol program, Span use) {
        boolean near =
                program.declared().file() == use.file() && program.declared().line() == use.line();
        return near ? diagnostic : diagnostic.withLabel(program.declared(), "reached from this program");
    }
}
