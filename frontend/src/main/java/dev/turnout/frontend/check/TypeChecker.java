package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.name.ImportGraph;
import dev.turnout.frontend.name.ImportResolver;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedFunction;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.frontend.typed.TypedTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The door of the checker. */
public final class TypeChecker {
    private final Compilation compilation;
    private final Diagnostics diagnostics;

    private TypeChecker(Compilation compilation, Diagnostics diagnostics) {
        this.compilation = compilation;
        this.diagnostics = diagnostics;
    }

    /**
     * Checks a file and what it imports.
     *
     * @param main its syntax; mistakes in it have been reported by the parser
     * @param imports where modules come from
     * @param diagnostics receives every mistake and warning
     * @return the typed program; empty if {@code diagnostics} then has an error, of whatever stage
     */
    public static Optional<TypedProgram> check(Ast.File main, ImportResolver imports, Diagnostics diagnostics) {
        ImportGraph graph = ImportGraph.load(main, imports, diagnostics);
        Compilation compilation = new Compilation(graph, diagnostics);
        return new TypeChecker(compilation, diagnostics).run();
    }

    private Optional<TypedProgram> run() {
        String license = license();
        for (Module module : compilation.graph().modules()) {
            if (!module.isStandard()) {
                for (Decl.Named declaration : module.declarations()) {
                    compilation.declarations().entity(module, declaration);
                    if (declaration instanceof Decl.Fn function) {
                        TableDeclarations.checkRowAttributes(compilation, module, function);
                    }
                }
            }
        }
        List<TypedTest> tests = tests();
        List<FunctionSymbol> functions = functions();
        CallGraph calls = new CallGraph(compilation, functions, testUses);
        calls.checkRecursion(functions);
        HookRules hooks = new HookRules(compilation, calls, license);
        functions.forEach(hooks::check);
        new MovedPackets(compilation, functions).check();
        checkScratch(functions);
        if (!diagnostics.hasErrors()) {
            new LockRules(compilation, calls).check(functions);
        }
        new TailRules(compilation, calls).check(functions, usedByTests);
        if (diagnostics.hasErrors()) {
            return Optional.empty();
        }
        ProgramParts parts = new ProgramParts(compilation);
        return Optional.of(parts.assemble(license, functions, tests));
    }

    private String license() {
        List<Ast.License> stated = compilation.graph().main().file().licenses();
        for (int i = 1; i < stated.size(); i++) {
            compilation.report(at(stated.get(i).span(), DiagnosticCode.E0218, "a file states its licence once")
                    .withLabel(stated.getFirst().span(), "stated here"));
        }
        return stated.isEmpty() ? "" : stated.getFirst().text().bytes();
    }

    /** What the kernel gives for the value of a CPU in one piece. */
    private static final long LARGEST_SCRATCH = 32_768;

    private void checkScratch(List<FunctionSymbol> functions) {
        long bytes = 0;
        for (FunctionSymbol function : functions) {
            bytes += compilation.bodies().uses(function).scratch;
        }
        if (bytes > LARGEST_SCRATCH) {
            compilation.report(at(
                            compilation.graph().main().file().span(),
                            DiagnosticCode.E0302,
                            "the `@scratch` variables of this program take " + bytes + " bytes, and " + LARGEST_SCRATCH
                                    + " is the most")
                    .withHelp("keep the largest in a map of its own: an `array` or `percpu_array` with one entry"));
        }
    }

    private final Set<FunctionSymbol> usedByTests = new LinkedHashSet<>();
    private final List<Uses> testUses = new ArrayList<>();

    private List<TypedTest> tests() {
        List<TypedTest> tests = new ArrayList<>();
        Map<String, Decl.Test> titles = new HashMap<>();
        Module main = compilation.graph().main();
        for (Decl declaration : main.file().declarations()) {
            if (!(declaration instanceof Decl.Test test)) {
                continue;
            }
            Attributes.none(compilation, test.modifiers().attributes(), "a `test`");
            Decl.Test other = titles.putIfAbsent(test.title().bytes(), test);
            if (other != null) {
                compilation.report(at(test.title().span(), DiagnosticCode.E0202, "two tests have this title")
                        .withLabel(other.title().span(), "the first one"));
            }
            Body body = Body.ofTest(compilation, main);
            tests.add(new TypedTest(test.title().bytes(), body.statements().functionBody(test.body()), test.span()));
            body.uses().mentioned().forEach(call -> usedByTests.add(call.callee()));
            testUses.add(body.uses());
        }
        return tests;
    }

    /** The functions of the program: all of the user's modules, and of the standard library those that are reached. */
    private List<FunctionSymbol> functions() {
        Set<FunctionSymbol> all = new LinkedHashSet<>();
        for (Module module : compilation.graph().modules()) {
            if (module.isStandard()) {
                continue;
            }
            for (Decl.Named declaration : module.declarations()) {
                if (compilation.declarations().entity(module, declaration) instanceof Entity.Function function) {
                    all.add(function.symbol());
                }
            }
        }
        all.addAll(usedByTests);
        List<FunctionSymbol> ordered = new ArrayList<>(all);
        for (int i = 0; i < ordered.size(); i++) {
            TypedFunction body = compilation.bodies().of(ordered.get(i));
            if (body == null) {
                throw new IllegalStateException("the body of " + ordered.get(i).name() + " is still being checked");
            }
            for (Uses.Call call : compilation.bodies().uses(ordered.get(i)).mentioned()) {
                if (all.add(call.callee())) {
                    ordered.add(call.callee());
                }
            }
        }
        return ordered;
    }
}
