package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.check.TypeChecker;
import dev.turnout.frontend.lower.LoweredProgram;
import dev.turnout.frontend.lower.Lowering;
import dev.turnout.frontend.lower.ProofCheck;
import dev.turnout.frontend.name.StandardImports;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.pass.ConstructSsa;
import dev.turnout.ir.pass.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stages of one text, each asking the one before it; empty where {@code diagnostics} says why. */
public record Stages(SourceFile source, Map<String, String> files, Diagnostics diagnostics) {
    /** Everything that there is to say of a text that imports standard modules only. */
    public static Diagnostics diagnosticsOf(String name, String text) {
        Stages stages = new Stages(new SourceFile(name, text), Map.of(), new Diagnostics());
        stages.proven();
        return stages.diagnostics();
    }

    Ast.File ast() {
        return Parser.parse(source, diagnostics);
    }

    Optional<TypedProgram> typed() {
        Ast.File file = ast();
        if (diagnostics.hasErrors()) {
            return Optional.empty();
        }
        StandardImports imports = new StandardImports(
                (importing, relative) -> {
                    String name = StandardImports.resolve(importing.name(), relative);
                    return Optional.ofNullable(files.get(name)).map(text -> new SourceFile(name, text));
                },
                diagnostics);
        return TypeChecker.check(file, imports, diagnostics).filter(_ -> !diagnostics.hasErrors());
    }

    Optional<LoweredProgram> lowered() {
        return typed().map(program -> Lowering.lower(program, diagnostics)).filter(_ -> !diagnostics.hasErrors());
    }

    private static Module ssa(Module module) {
        List<Function> functions = new ArrayList<>();
        module.functions().forEach(function -> functions.add(ConstructSsa.run(function)));
        return module.withFunctions(functions);
    }

    /** Behind the last stage that has something to say of the text. */
    Optional<Module> proven() {
        return lowered()
                .map(program -> ProofCheck.check(program, ssa(program.module()), diagnostics))
                .filter(_ -> !diagnostics.hasErrors());
    }

    Optional<Module> optimised() {
        return proven().map(module -> Pipeline.run(module, true));
    }
}
